"""Mail commits with its cause, reads as text, leaves once, and tells nobody's secrets when it cannot."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from smtplib import SMTPAuthenticationError
from typing import Any

import pytest
import structlog
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from tools.mail_server import Post

from guildry.config import settings as config
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.platform.jobs import actions as jobs
from guildry.platform.jobs.models import Job
from guildry.platform.mail import actions
from guildry.platform.mail.models import Item, Letter, OutgoingMail
from guildry.platform.mail.tasks import purge
from tools import mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.loopback]
SECRET = "271828"
LETTER = Letter(
    "Your <code>",
    ("Enter this code & nothing else. " * 5,),
    code=SECRET,
    button=("Sign in", "http://localhost:8000/codes/t0ken/"),
    items=(Item("A post", "By Ben", "http://localhost:8000/timeline/"), Item("Nothing more")),
    notes=("If this was not you, ignore this mail.",),
)


@pytest.fixture(autouse=True)
def way_out(settings: Any) -> None:
    """Django's test runner puts another backend in the place of ours."""
    settings.EMAIL_BACKEND = config.EMAIL_BACKEND


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server that takes everything, and a site that sends by it."""
    with mail_server.running() as server:
        settings.MAIL = server.address
        yield server


def send(to: str = "ada@example.org", **more: Any) -> OutgoingMail:
    return actions.send_letter(SYSTEM, to=to, letter=LETTER, has_secret=True, **more)


def state_of(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    return mail.state


def test_without_a_server_mail_is_kept_and_no_job_is_made() -> None:
    mail = send(" Ada@Example.org ")

    assert (mail.to, mail.state, mail.sent_at) == ("ada@example.org", OutgoingMail.State.KEPT, None)
    assert Job.objects.count() == 0
    assert actions.deliver_mail(SYSTEM, mail_id=mail.pk) is False


def test_a_letter_reads_as_text_and_as_html() -> None:
    mail = send()

    assert mail.text.splitlines()[0].startswith("Enter this code & nothing else.")
    assert max(map(len, mail.text.splitlines())) <= 76
    assert f"    {SECRET}" in mail.text
    assert "Sign in:\nhttp://localhost:8000/codes/t0ken/" in mail.text
    assert "* A post\n  By Ben\n  http://localhost:8000/timeline/" in mail.text
    assert mail.text.endswith("-- \nhttp://localhost:8000\n")
    assert "<h1" in mail.html
    assert "Your &lt;code&gt;" in mail.html
    assert 'href="http://localhost:8000/codes/t0ken/"' in mail.html
    assert "<script" not in mail.html


def test_mail_disappears_with_the_transaction_it_was_written_in(post: Post) -> None:
    with transaction.atomic():
        send()
        transaction.set_rollback(True)

    assert (OutgoingMail.objects.count(), Job.objects.count()) == (0, 0)


def test_a_message_leaves_as_both_text_and_html(post: Post, run_jobs: Callable[[], int]) -> None:
    mail = send()
    assert mail.state == OutgoingMail.State.WAITING

    assert run_jobs() == 1

    assert state_of(mail) == OutgoingMail.State.SENT
    assert mail.sent_at is not None
    (message,) = post.messages
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[union-attr]
    assert (message["To"], message["Subject"]) == ("ada@example.org", "Your <code>")
    assert message["Message-ID"] == f"<{mail.pk}.mail@localhost>"
    assert post.envelopes[1].lower().startswith("rcpt to:<ada@example.org>")


def test_a_letter_without_a_code_or_html_leaves_as_plain_text(
    post: Post, run_jobs: Callable[[], int]
) -> None:
    letter = actions.send_letter(SYSTEM, to="ada@example.org", letter=Letter("News", ("All is well.",)))
    actions.store_mail(SYSTEM, to="ben@example.org", subject="News", text="All is well.")
    run_jobs()

    assert letter.text == "All is well.\n\n-- \nhttp://localhost:8000\n"
    assert [message.get_content_type() for message in post.messages] == [
        "multipart/alternative",
        "text/plain",
    ]


def test_a_message_leaves_once(post: Post, run_jobs: Callable[[], int]) -> None:
    mail = send()
    run_jobs()

    assert actions.deliver_mail(SYSTEM, mail_id=mail.pk) is False
    assert len(post.messages) == 1


def test_a_server_that_is_busy_is_asked_again_after_a_longer_and_longer_pause(post: Post) -> None:
    post.answers["RCPT"] = "451 Come back later"
    mail = send()
    pauses = []
    for _ in range(4):
        job = Job.objects.get()
        with clock.at(job.run_at):
            (ran,) = jobs.run_pending_jobs(SYSTEM)
            assert ran.error
            pauses.append((Job.objects.get().run_at - clock.now()).total_seconds())

    assert pauses == sorted(pauses)
    assert pauses[-1] >= 2 * pauses[0] > 0
    assert Job.objects.get().most_attempts == 34
    assert state_of(mail) == OutgoingMail.State.WAITING
    post.answers.clear()
    with clock.at(Job.objects.get().run_at):
        jobs.run_pending_jobs(SYSTEM)
    assert state_of(mail) == OutgoingMail.State.SENT
    assert len(post.messages) == 1


@pytest.mark.parametrize("command", ["RCPT", "MAIL", "DATA"])
def test_what_a_server_will_never_take_is_left(command: str, post: Post, run_jobs: Callable[[], int]) -> None:
    post.answers[command] = "550 Never"
    mail = send()

    with structlog.testing.capture_logs() as logs:
        run_jobs()

    assert state_of(mail) == OutgoingMail.State.REFUSED
    assert Job.objects.get().state == Job.State.DONE
    assert [entry for entry in logs if entry["event"] == "mail_refused"] == [
        {"event": "mail_refused", "log_level": "warning", "mail": mail.pk, "code": 550}
    ]


def test_a_server_that_is_away_loses_nothing(settings: Any) -> None:
    settings.MAIL = "smtp://127.0.0.1:9"
    mail = send()

    (ran,) = jobs.run_pending_jobs(SYSTEM)

    assert "ConnectionRefusedError" in ran.error
    assert state_of(mail) == OutgoingMail.State.WAITING
    assert Job.objects.get().state == Job.State.READY


def test_a_wrong_password_of_ours_loses_nothing_and_is_not_told(post: Post, settings: Any) -> None:
    settings.MAIL = post.address.replace("smtp://", "smtp://guild:hunter2@")
    mail = send()

    (ran,) = jobs.run_pending_jobs(SYSTEM)

    assert ran.error
    assert "hunter2" not in ran.error
    assert state_of(mail) == OutgoingMail.State.WAITING


class ShutDoor(BaseEmailBackend):
    """A mail server that does not know us."""

    def send_messages(self, email_messages: object) -> int:
        raise SMTPAuthenticationError(535, b"Authentication failed")


def test_a_server_that_does_not_know_us_loses_nothing(settings: Any) -> None:
    settings.MAIL = "smtp://guild:hunter2@mail.example"
    settings.MAIL_TRANSPORT = f"{__name__}.ShutDoor"
    mail = send()

    (ran,) = jobs.run_pending_jobs(SYSTEM)

    assert "The mail server answered 454" in ran.error
    assert state_of(mail) == OutgoingMail.State.WAITING


@pytest.mark.parametrize("answer", ["451 ada@example.org is busy", "421 Closing"])
def test_failures_tell_neither_secrets_nor_addresses(answer: str, post: Post) -> None:
    post.answers["RCPT"] = answer
    send()

    with structlog.testing.capture_logs() as logs:
        (ran,) = jobs.run_pending_jobs(SYSTEM)

    told = f"{ran.error}{logs}{Job.objects.get().error}"
    assert "The mail server answered 4" in told
    for secret in (SECRET, "ada@example.org", "t0ken"):
        assert secret not in told


@pytest.mark.parametrize(
    "address",
    [
        "ada",
        "",
        "ada@example.org\nBcc: all@example.org",
        "ada@example.org, ben@example.org",
        "a b@example.org",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(actions.MailUnfit) as refusal:
        send(address)

    assert [error.field for error in refusal.value.errors] == ["to"]
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"headers": {"X-Note": "one\r\nBcc: all@example.org"}},
        {"headers": {"X-Note\nBcc": "all@example.org"}},
        {"headers": {"X Note": "x"}},
        {"sender": "Guild <g@example.org>\nBcc: all@example.org"},
    ],
)
def test_a_header_cannot_become_two(broken: dict[str, Any]) -> None:
    with pytest.raises(actions.MailUnfit):
        actions.store_mail(SYSTEM, to="ada@example.org", subject="Hello", text="Hello", **broken)

    assert OutgoingMail.objects.count() == 0


def test_a_subject_is_one_line() -> None:
    mail = actions.store_mail(
        SYSTEM, to="ada@example.org", subject="Hello\r\nBcc: all@example.org", text="Hello"
    )

    assert mail.subject == "Hello Bcc: all@example.org"


def test_a_digest_can_be_left_with_one_click(post: Post, run_jobs: Callable[[], int]) -> None:
    headers = {"List-Unsubscribe": "<http://localhost:8000/leave/>",
               "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # fmt: skip
    message = EmailMultiAlternatives("News", "Text", None, ["ada@example.org"], headers=headers)
    message.attach_alternative("<p>Text</p>", "text/html")

    message.send()
    run_jobs()

    (received,) = post.messages
    assert {name: received[name] for name in headers} == headers


def test_what_a_library_sends_goes_the_same_way_once_a_recipient() -> None:
    message = EmailMessage(
        "News", "Text", "Guild <guild@example.org>", ["ada@example.org"], bcc=["ben@example.org"],
        reply_to=["desk@example.org"],
    )  # fmt: skip

    assert message.send() == 1

    stored = OutgoingMail.objects.order_by("to")
    assert [(mail.to, mail.html, mail.headers) for mail in stored] == [
        ("ada@example.org", "", {"Reply-To": "desk@example.org"}),
        ("ben@example.org", "", {"Reply-To": "desk@example.org"}),
    ]


def test_of_several_recipients_all_or_none_are_written_to() -> None:
    with pytest.raises(actions.MailUnfit):
        send_mail("News", "Text", None, ["ada@example.org", "nowhere"])

    assert OutgoingMail.objects.count() == 0


def test_attachments_are_refused_with_what_to_do_instead() -> None:
    message = EmailMessage("News", "Text", None, ["ada@example.org"])
    message.attach("news.txt", "News", "text/plain")

    with pytest.raises(actions.AttachmentsRefused, match="Store the file and send a link"):
        message.send()
    assert OutgoingMail.objects.count() == 0


def test_secrets_are_forgotten_after_a_day_and_the_rest_after_a_month(run_jobs: Callable[[], int]) -> None:
    now = clock.now()
    for days, secret in ((0, True), (2, True), (2, False), (31, False)):
        with clock.at(now - timedelta(days=days)):
            actions.store_mail(
                SYSTEM, to="ada@example.org", subject=f"{days}{secret}", text="x", has_secret=secret
            )

    purge.enqueue()
    run_jobs()

    assert sorted(OutgoingMail.objects.values_list("subject", flat=True)) == ["0True", "2False"]
