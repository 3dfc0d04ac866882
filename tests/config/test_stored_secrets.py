"""What is left of secrets in tables: hashes and sealed text, for as long as is set, under the key in use."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from guildry.kernel import clock, crypto, runtime, secrets
from guildry.kernel.permissions import SYSTEM
from guildry.ops.alerts.models import Device
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import AccessToken, Member, OneTimeCode
from guildry.people.organisations import actions as organisations
from guildry.people.organisations.models import Invitation
from guildry.platform.mail.models import OutgoingMail
from guildry.platform.realtime import actions as realtime
from guildry.platform.realtime.models import Ticket
from guildry.platform.runtime import actions
from tests.factories.mail import code_in, last_letter, link_in
from tests.factories.organisations import make_organisation
from tests.factories.people import make_member

DAY = timedelta(days=1)


def stored(model: Any, column: str) -> list[str]:
    """Return what a column really holds."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quote(column)} FROM {quote(model._meta.db_table)} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def sealed_device(member: Member) -> Device:
    return Device.objects.create(
        member=member, digest="0" * 64, endpoint="https://push.example/x", public_key="BNc", auth="tBH",
        created_at=clock.now(),
    )  # fmt: skip


def test_mail_with_a_code_cannot_be_read_in_the_table(ada: Member) -> None:
    accounts.send_sign_in_code(SYSTEM, email=ada.email)
    letter = last_letter(ada.email)

    for column in ("text", "html"):
        (kept,) = stored(OutgoingMail, column)
        assert kept.startswith(f"{secrets.key_id()}.")
        assert code_in(letter) not in kept
    assert "Enter this code" in letter.text


def test_what_somebody_signing_up_entered_is_sealed_until_it_is_used(db: None) -> None:
    accounts.sign_up(
        SYSTEM, name="Cleo", handle="cleo", email="cleo@example.org", password="a long password",
        time_zone="UTC",
    )  # fmt: skip

    (kept,) = stored(OneTimeCode, "payload")
    assert "cleo" not in kept
    assert OneTimeCode.objects.get().payload["handle"] == "cleo"


def test_the_keys_of_a_browser_are_sealed_and_come_back_whole(ada: Member) -> None:
    sealed_device(ada)

    assert "push.example" not in stored(Device, "endpoint")[0]
    device = Device.objects.get()
    assert (device.endpoint, device.public_key, device.auth) == ("https://push.example/x", "BNc", "tBH")


def test_what_one_column_sealed_does_not_open_in_another(ada: Member) -> None:
    sealed_device(ada)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Device._meta.db_table} SET auth = endpoint")

    with pytest.raises(secrets.SealedByAnotherKey):
        Device.objects.get()


def test_a_key_that_is_gone_is_named_and_nothing_of_it_told(ada: Member, settings: Any) -> None:
    sealed_device(ada)
    gone = secrets.key_id()
    settings.SECRET_KEY = "another key that is long enough for a site"

    with pytest.raises(secrets.SealedByAnotherKey) as refusal:
        Device.objects.get()

    assert gone in refusal.value.message
    assert actions.reseal_secrets(SYSTEM) == 0


def test_sealed_values_outlive_every_rotation(ada: Member, settings: Any) -> None:
    sealed_device(ada)
    accounts.send_sign_in_code(SYSTEM, email=ada.email)
    code, digits = OneTimeCode.objects.get(), code_in(last_letter(ada.email))
    for number in range(3):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = f"key number {number} of a site that rotates its keys"
        assert actions.reseal_secrets(SYSTEM) == 6
        if number == 0:
            assert accounts.redeem_code(SYSTEM, code_id=code.pk, code=digits).member == ada
            OneTimeCode.objects.update(payload={"kept": 1})

    assert Device.objects.get().endpoint == "https://push.example/x"
    assert "Enter this code" in last_letter(ada.email).text
    assert stored(Device, "auth")[0].startswith(f"{secrets.key_id()}.")


def test_tokens_stay_good_over_rotations_because_nothing_of_a_key_is_in_their_hash(
    ada: Member, settings: Any
) -> None:
    issued = accounts.issue_token(ada, name="Calendar", scopes=["read"], days=365)
    for number in range(3):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = f"key number {number} of a site that rotates its keys"

    from guildry.people.accounts import queries

    holder = queries.authenticate_token(issued.secret)
    assert holder is not None
    assert holder.member == ada


def every_kind(ada: Member, ben: Member) -> None:
    """Leave one of everything behind: a used and an open code, a revoked token, a ticket, an answered invitation."""
    used = accounts.send_sign_in_code(SYSTEM, email=ada.email)
    accounts.redeem_code(SYSTEM, code_id=used.pk, code=code_in(last_letter(ada.email)))
    accounts.send_sign_in_code(SYSTEM, email=ben.email)
    token = accounts.issue_token(ada, name="Calendar", scopes=["read"], days=365).token
    accounts.revoke_token(ada, token_id=token.pk)
    accounts.issue_token(ada, name="Clock", scopes=["read"], days=365)
    realtime.issue_ticket(ada, session_id=1)
    organisation = make_organisation(ada)
    invitation = organisations.invite(ada, organisation_id=organisation.pk, to="@ben")
    organisations.decline_invitation(ben, invitation_id=invitation.pk)


def left() -> tuple[int, ...]:
    hashes = Invitation.objects.exclude(token_digest=None).count()
    return OneTimeCode.objects.count(), AccessToken.objects.count(), Ticket.objects.count(), hashes


def test_what_is_over_is_purged_as_soon_as_the_setting_says(ada: Member, ben: Member) -> None:
    every_kind(ada, ben)

    with clock.at(clock.now() + timedelta(hours=20)):
        assert actions.purge_secrets(SYSTEM) == 0
        before = left()
        with runtime.overridden({"retention.secrets": timedelta(hours=1)}):
            assert actions.purge_secrets(SYSTEM) == 5

    assert before == (2, 2, 1, 1)
    assert left() == (0, 1, 0, 0)
    assert AccessToken.objects.get().name == "Clock"
    assert Invitation.objects.get().state == "declined"


def test_a_purge_goes_through_any_number_in_portions(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from guildry.platform.runtime.actions import proofs

    monkeypatch.setattr(proofs, "PORTION", 2)
    Ticket.objects.bulk_create(
        Ticket(digest=crypto.digest(str(n)), member=ada, session_id=1, expires_at=clock.now() - 30 * DAY)
        for n in range(5)
    )

    assert actions.purge_secrets(SYSTEM) == 5
    assert Ticket.objects.count() == 0


def test_the_purge_runs_by_the_hour(ada: Member, run_jobs: Any) -> None:
    from guildry.platform.runtime import tasks

    with clock.at(clock.now() - 30 * DAY):
        accounts.send_sign_in_code(SYSTEM, email=ada.email)
    tasks.purge_secrets.enqueue()
    run_jobs()

    assert OneTimeCode.objects.count() == 0


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[ThreadPoolExecutor]:
    """Have eight threads that let go of their connections at the end."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def at_once(pool: ThreadPoolExecutor, act: Any) -> list[str]:
    """Let eight do the same thing at the same moment and return what became of it for each."""
    gate = Barrier(8)

    def run(_: int) -> str:
        gate.wait(10)
        try:
            act()
        except Exception as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    return list(pool.map(run, range(8)))


def test_a_code_lets_one_of_eight_in_who_come_with_it_at_once(crowd: ThreadPoolExecutor) -> None:
    ada = make_member("ada")
    code = accounts.send_sign_in_code(SYSTEM, email=ada.email)
    digits = code_in(last_letter(ada.email))

    became = at_once(crowd, lambda: accounts.redeem_code(SYSTEM, code_id=code.pk, code=digits))

    assert sorted(became) == ["CodeSpent"] * 7 + ["done"]


def test_a_link_lets_one_of_eight_in_who_come_with_it_at_once(crowd: ThreadPoolExecutor) -> None:
    ada = make_member("ada")
    accounts.send_sign_in_code(SYSTEM, email=ada.email)
    token = link_in(last_letter(ada.email)).split("/")[2]

    became = at_once(crowd, lambda: accounts.redeem_link(SYSTEM, token=token))

    assert sorted(became) == ["CodeSpent"] * 7 + ["done"]


def test_eight_who_guess_at_once_have_five_guesses_between_them(crowd: ThreadPoolExecutor) -> None:
    ada = make_member("ada")
    code = accounts.send_sign_in_code(SYSTEM, email=ada.email)
    wrong = f"{(int(code_in(last_letter(ada.email))) + 1) % 10**6:06}"

    became = at_once(crowd, lambda: accounts.redeem_code(SYSTEM, code_id=code.pk, code=wrong))

    assert sorted(became) == ["CodeSpent"] * 3 + ["CodeWrong"] * 5
    assert OneTimeCode.objects.get().attempts == 5


def test_a_ticket_opens_once_whoever_comes_at_the_same_moment(crowd: ThreadPoolExecutor) -> None:
    secret = realtime.issue_ticket(make_member("ada"), session_id=1).secret

    became = at_once(crowd, lambda: realtime.redeem_ticket(SYSTEM, secret=secret))

    assert sorted(became) == ["TicketRefused"] * 7 + ["done"]


def test_an_invitation_is_accepted_once(crowd: ThreadPoolExecutor) -> None:
    ada, ben = make_member("ada"), make_member("ben")
    invitation = organisations.invite(ada, organisation_id=make_organisation(ada).pk, to="@ben")

    became = at_once(crowd, lambda: organisations.accept_invitation(ben, invitation_id=invitation.pk))

    assert became.count("done") == 1
    assert sorted(set(became) - {"done"}) in (["InvitationNotFound"], ["AlreadyInside"])
