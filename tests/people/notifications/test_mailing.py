"""Mail at once and in digests: what goes, when, and what no longer goes."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries, rules, tasks
from guildry.people.notifications.models import Choice, Notification, Tray
from tests.factories.network import block, mute
from tests.factories.notifications import choose, set_tray, tell
from tests.factories.people import make_member

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


def tell_at_once(recipient: Member, **given: Any) -> Notification:
    choose(recipient, "network.request", mail="instant")
    with clock.at(NOW):
        return tell(recipient, given.pop("text", "Ben wants to connect"), kind="network.request", **given)


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0])


def test_mail_at_once_goes_after_a_moment_and_only_once(ada: Member, ben: Member) -> None:
    row = tell_at_once(ada, actor=ben, url="/network/requests/")

    with clock.at(NOW):
        assert queries.due_mail() == []
    with clock.at(NOW + rules.GRACE):
        assert queries.due_mail() == [row.pk]
        outcomes = [actions.mail_notification(SYSTEM, notification_id=row.pk) for _ in range(2)]

    assert outcomes == ["sent", "none"]
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Ben wants to connect", ["ada@example.org"])
    assert "http://localhost:8000/network/requests/" in message.body
    assert "http://localhost:8000/network/requests/" in html_of(message)


def test_mail_carries_the_links_that_stop_it(ada: Member) -> None:
    row = tell_at_once(ada, text="Salt & pepper <b>")

    with clock.at(NOW + rules.GRACE):
        actions.mail_notification(SYSTEM, notification_id=row.pk)

    (message,) = mail.outbox
    headers = message.extra_headers
    address = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in message.body
    assert address in html_of(message)
    assert queries.unsubscribe_target(address.rstrip("/").rpartition("/")[2]) == (ada.pk, "network.request")
    assert "Salt & pepper <b>" in message.body
    assert "Salt &amp; pepper &lt;b&gt;" in html_of(message)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (lambda ada, ben, row: actions.mark_read(ada, notification_ids=[row.pk]), "read"),
        (lambda ada, ben, row: actions.mark_seen(ada, up_to=row.pk), "read"),
        (lambda ada, ben, row: Member.objects.filter(pk=ada.pk).update(is_active=False), "away"),
        (lambda ada, ben, row: block(ada, ben), "blocked"),
        (lambda ada, ben, row: mute(ada, ben), "muted"),
        (lambda ada, ben, row: Choice.objects.update(mail="off"), "preference"),
        (lambda ada, ben, row: Notification.objects.update(kind="gone.kind"), "preference"),
    ],
)
def test_what_happened_meanwhile_drops_the_mail(
    ada: Member, ben: Member, meanwhile: Callable[..., Any], reason: str
) -> None:
    row = tell_at_once(ada, actor=ben)
    meanwhile(ada, ben, row)

    with clock.at(NOW + rules.GRACE):
        outcome = actions.mail_notification(SYSTEM, notification_id=row.pk)

    row.refresh_from_db()
    assert (outcome, row.mail_state, row.mail_reason) == ("dropped", "dropped", reason)
    assert mail.outbox == []


def test_mail_that_waited_for_days_is_stale(ada: Member) -> None:
    row = tell_at_once(ada)

    with clock.at(NOW + rules.STALE + timedelta(seconds=1)):
        actions.mail_notification(SYSTEM, notification_id=row.pk)

    row.refresh_from_db()
    assert row.mail_reason == "stale"
    assert mail.outbox == []


def test_mail_moves_into_the_digest_when_that_was_chosen_meanwhile(ada: Member) -> None:
    row = tell_at_once(ada)
    Choice.objects.update(mail="digest")

    with clock.at(NOW + rules.GRACE):
        assert actions.mail_notification(SYSTEM, notification_id=row.pk) == "in_digest"

    assert mail.outbox == []


def test_mail_in_quiet_hours_waits_for_their_end(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(time_zone="Asia/Kathmandu")
    set_tray(ada, quiet_from=time(17), quiet_until=time(7))

    row = tell_at_once(ada)

    assert row.mail_due_at == datetime(2026, 3, 3, 1, 15, tzinfo=UTC)


def test_quiet_hours_chosen_meanwhile_move_the_mail(ada: Member) -> None:
    row = tell_at_once(ada)
    set_tray(ada, paused_until=NOW + timedelta(hours=5))

    with clock.at(NOW + rules.GRACE):
        assert actions.mail_notification(SYSTEM, notification_id=row.pk) == "waiting"

    row.refresh_from_db()
    assert row.mail_due_at == NOW + timedelta(hours=5)
    assert mail.outbox == []


def test_the_job_sends_all_that_is_due(ada: Member, ben: Member, run_jobs: Callable[[], int]) -> None:
    tell_at_once(ada)
    tell_at_once(ben)

    with clock.at(NOW + rules.GRACE):
        tasks.send_due_mail.enqueue()
        run_jobs()

    assert sorted(message.to[0] for message in mail.outbox) == ["ada@example.org", "ben@example.org"]


def test_a_digest_tells_what_is_unread_by_group_and_plans_the_next(ada: Member, ben: Member) -> None:
    with clock.at(NOW):
        tell(ada, "Ben wants to connect", actor=ben, kind="network.request")
        tell(ada, "You belong to Fern now", kind="organisations.joined")
        read = tell(ada, "Read already", kind="network.accepted")
        actions.mark_read(ada, notification_ids=[read.pk])
        tell(ada, "No mail about this", kind="network.follow")
        assert queries.due_digests() == []

    with clock.at(MORNING):
        assert queries.due_digests() == [ada.pk]
        counts = [actions.mail_digest(SYSTEM, member_id=ada.pk) for _ in range(2)]

    assert counts == [2, 0]
    (message,) = mail.outbox
    assert message.subject == "2 notifications for you"
    for text in (message.body, html_of(message)):
        assert text.index("Network") < text.index("Ben wants to connect")
        assert text.index("Organisations") < text.index("You belong to Fern now")
        assert "Read already" not in text
        assert "No mail about this" not in text
    assert Tray.objects.get(pk=ada.pk).digest_due_at == MORNING + timedelta(days=1)
    assert Notification.objects.get(pk=read.pk).mail_reason == "read"


def test_nothing_is_told_twice_and_nothing_is_no_digest(ada: Member) -> None:
    with clock.at(NOW):
        tell(ada, kind="network.request")

    for day in range(2):
        with clock.at(MORNING + timedelta(days=day)):
            actions.mail_digest(SYSTEM, member_id=ada.pk)

    assert [message.subject for message in mail.outbox] == ["1 notification for you"]


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (lambda ada, ben: block(ben, ada), "blocked"),
        (lambda ada, ben: mute(ada, ben), "muted"),
        (lambda ada, ben: choose(ada, "network.request", mail="off"), "preference"),
        (lambda ada, ben: Member.objects.filter(pk=ada.pk).update(is_active=False), "away"),
        (lambda ada, ben: Notification.objects.update(seen_at=NOW), "read"),
    ],
)
def test_what_no_longer_fits_stays_out_of_the_digest(
    ada: Member, ben: Member, meanwhile: Callable[..., Any], reason: str
) -> None:
    with clock.at(NOW):
        row = tell(ada, actor=ben, kind="network.request")
    meanwhile(ada, ben)

    with clock.at(MORNING):
        assert actions.mail_digest(SYSTEM, member_id=ada.pk) == 0

    row.refresh_from_db()
    assert (row.mail_state, row.mail_reason) == ("dropped", reason)
    assert mail.outbox == []


def test_a_digest_due_in_a_pause_waits_with_everything_in_it(ada: Member) -> None:
    with clock.at(NOW):
        tell(ada, kind="network.request")
    set_tray(ada, paused_until=MORNING + timedelta(days=2))

    with clock.at(MORNING):
        assert actions.mail_digest(SYSTEM, member_id=ada.pk) == 0
    with clock.at(MORNING + timedelta(days=2)):
        assert actions.mail_digest(SYSTEM, member_id=ada.pk) == 1

    assert len(mail.outbox) == 1


def test_a_long_digest_says_how_much_it_leaves_out(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "DIGEST_ITEMS", 2)
    with clock.at(NOW):
        for number in range(5):
            tell(ada, f"News {number}", kind="network.request")

    with clock.at(MORNING):
        actions.mail_digest(SYSTEM, member_id=ada.pk)

    (message,) = mail.outbox
    assert message.subject == "5 notifications for you"
    assert "And 3 more." in message.body
    assert "And 3 more." in html_of(message)


def test_the_job_sends_each_digest_that_is_due(ada: Member, run_jobs: Callable[[], int]) -> None:
    eve = make_member("eve", time_zone="Pacific/Auckland")
    with clock.at(NOW):
        tell(ada, kind="network.request")
        tell(eve, kind="network.request")

    with clock.at(datetime(2026, 3, 2, 19, tzinfo=UTC)):
        tasks.send_due_digests.enqueue()
        run_jobs()

    assert [message.to for message in mail.outbox] == [["eve@example.org"]]


@pytest.mark.parametrize("count", [1, 3])
def test_a_digest_takes_a_fixed_number_of_queries(
    ada: Member, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    with clock.at(NOW):
        for number in range(count):
            tell(ada, actor=make_member(f"m{number}"), kind="network.request")

    with clock.at(MORNING), django_assert_num_queries(12):
        actions.mail_digest(SYSTEM, member_id=ada.pk)


def test_the_old_is_forgotten_by_the_daily_job(ada: Member, run_jobs: Callable[[], int]) -> None:
    with clock.at(NOW - rules.KEPT - timedelta(days=1)):
        tell(ada)

    with clock.at(NOW):
        tasks.forget_old.enqueue()
        run_jobs()

    assert Notification.objects.count() == 0


@override_settings(EMAIL_BACKEND="guildry.platform.mail.backend.Mailbox")
def test_the_mailbox_keeps_the_links_that_stop_it(ada: Member) -> None:
    from guildry.platform.mail.models import OutgoingMail

    row = tell_at_once(ada)

    with clock.at(NOW + rules.GRACE):
        actions.mail_notification(SYSTEM, notification_id=row.pk)

    stored = OutgoingMail.objects.get()
    assert stored.to == "ada@example.org"
    assert stored.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
