"""A bad line to the mail server loses no letter and holds nobody up for longer than the server's patience."""

import pytest

from guildry.kernel.permissions import SYSTEM
from guildry.platform.mail import actions
from guildry.platform.mail.models import Letter, OutgoingMail
from tools import faultproxy, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.loopback]


@pytest.mark.parametrize("fault", [{"reset": True}, {"refuse": True}, {"limit": 0}, {"limit": 20}])
def test_a_letter_waits_while_the_line_is_bad_and_leaves_when_it_is_good(
    fault: dict[str, float], settings: pytest.FixtureRequest
) -> None:
    with (
        mail_server.running() as post,
        faultproxy.between("127.0.0.1", int(post.address.rsplit(":", 1)[1])) as line,
    ):
        settings.MAIL = f"smtp://127.0.0.1:{line.port}"  # type: ignore[attr-defined]
        mail = actions.send_letter(SYSTEM, to="ada@example.org", letter=Letter("Good morning", ("Hello.",)))

        with line.failing(**fault), pytest.raises(Exception, match=r".") as refusal:
            actions.deliver_mail(SYSTEM, mail_id=mail.pk)
        waiting = OutgoingMail.objects.get().state
        assert actions.deliver_mail(SYSTEM, mail_id=mail.pk)

        assert not isinstance(refusal.value, AssertionError)
        assert waiting == OutgoingMail.State.WAITING
        assert [str(message["Subject"]) for message in post.messages] == ["Good morning"]
