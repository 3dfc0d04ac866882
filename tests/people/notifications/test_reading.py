"""Seeing, reading and forgetting, with a count that always fits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guildry.kernel import clock, paging
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries, rules
from guildry.people.notifications.events import NotificationsRead
from guildry.people.notifications.models import Notification
from tests.factories.facts import all_published, published
from tests.factories.notifications import tell
from tests.factories.people import make_member

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_reading_counts_each_notification_once(ada: Member) -> None:
    first, second = tell(ada), tell(ada)

    changed = actions.mark_read(ada, notification_ids=[first.pk])
    again = actions.mark_read(ada, notification_ids=[first.pk])

    assert (changed, again, queries.unread_count(ada)) == (1, 0, 1)
    assert published(NotificationsRead) == [NotificationsRead(ada.pk)]
    first.refresh_from_db()
    assert first.read_at == first.seen_at
    assert second.read_at is None


def test_nobody_reads_for_somebody_else(ada: Member, ben: Member) -> None:
    row = tell(ada)
    tell(ben)

    with pytest.raises(actions.NotificationNotFound):
        actions.read_notification(ben, notification_id=row.pk)

    assert queries.unread_count(ada) == 1


def test_somebody_never_told_anything_has_nothing_to_read(ada: Member) -> None:
    assert actions.mark_all_read(ada) == 0
    assert all_published() == []


def test_reading_everything_up_to_one_leaves_what_came_later(ada: Member) -> None:
    first = tell(ada)
    later = tell(ada)

    actions.mark_all_read(ada, up_to=first.pk)

    assert [entry.id for entry in queries.entries(ada, unread_only=True).items] == [later.pk]
    assert actions.mark_all_read(ada) == 1


def test_reading_a_group_leaves_the_others(ada: Member) -> None:
    tell(ada, kind="network.follow")
    other = tell(ada, kind="organisations.joined")

    actions.mark_all_read(ada, group="Network")

    assert [entry.id for entry in queries.entries(ada, unread_only=True).items] == [other.pk]


def test_what_was_dealt_with_counts_as_read(ada: Member, ben: Member) -> None:
    tell(ada, actor=ben, kind="network.request")
    tell(ada, actor=ben, kind="network.follow")

    assert actions.read_from(SYSTEM, recipient_id=ada.pk, kind="network.request", by=ben.pk) == 1
    assert actions.read_from(SYSTEM, recipient_id=ada.pk + 100, kind="network.request", by=ben.pk) == 0
    assert queries.unread_count(ada) == 1


def test_seeing_is_not_reading(ada: Member) -> None:
    first = tell(ada)
    later = tell(ada)

    assert actions.mark_seen(ada, up_to=first.pk) == 1
    assert actions.mark_seen(ada, up_to=first.pk) == 0

    seen = {entry.id: entry.is_seen for entry in queries.entries(ada).items}
    assert seen == {first.pk: True, later.pk: False}
    assert queries.unread_count(ada) == 2


def test_the_old_is_forgotten_in_batches_and_the_count_follows(
    ada: Member, ben: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guildry.people.notifications.actions import reading

    monkeypatch.setattr(reading, "BATCH", 2)
    with clock.at(NOW - rules.KEPT - timedelta(days=1)):
        for _ in range(2):
            tell(ada)
        read = tell(ben)
        actions.mark_read(ben, notification_ids=[read.pk])
    with clock.at(NOW):
        fresh = tell(ada)

        rounds = [actions.forget_old(SYSTEM) for _ in range(3)]

    assert rounds == [2, 1, 0]
    assert list(Notification.objects.all()) == [fresh]
    assert (queries.unread_count(ada), queries.unread_count(ben)) == (1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_one_query(
    ada: Member, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        tell(ada, actor=make_member(f"m{number}"))

    with django_assert_num_queries(1):
        page = queries.entries(ada)
        names = [entry.actor.name for entry in page.items if entry.actor]

    assert len(names) == count


def test_pages_follow_time_even_when_old_news_arrives_late(ada: Member) -> None:
    with clock.at(NOW):
        newest = tell(ada)
    with clock.at(NOW - timedelta(hours=1)):
        late = tell(ada)
        later = tell(ada)

    first = queries.entries(ada, size=2)
    second = queries.entries(ada, size=2, cursor=first.next_cursor)

    assert [entry.id for entry in (*first.items, *second.items)] == [newest.pk, later.pk, late.pk]
    assert second.next_cursor == ""


def test_pages_can_be_cut_to_a_group(ada: Member) -> None:
    tell(ada, kind="network.follow")
    wanted = tell(ada, kind="organisations.joined")

    assert [entry.id for entry in queries.entries(ada, group="organisations").items] == [wanted.pk]
    assert queries.entries(ada, group="nothing").items == []


@pytest.mark.parametrize("stamp", ["then", "2026-03-01T12:00:00"])
def test_a_made_up_cursor_is_refused(ada: Member, stamp: str) -> None:
    with pytest.raises(paging.InvalidCursor):
        queries.entries(ada, cursor=paging.encode_cursor(stamp, 1))


def test_guests_were_told_nothing(ada: Member) -> None:
    tell(ada)

    assert queries.unread_count(None) == 0
    assert list(Notification.objects.visible_to(None)) == []


def test_a_kind_whose_app_is_gone_still_has_an_icon(ada: Member) -> None:
    row = tell(ada)
    row.kind = "gone.kind"

    assert queries.entry(row, ada).icon == "bell"


def test_a_visit_in_the_past_has_read_what_was_there(ada: Member) -> None:
    with clock.at(NOW):
        row = tell(ada)
    with clock.at(NOW + timedelta(hours=2)):
        later = tell(ada)

    number = actions.read_until(SYSTEM, member_id=ada.pk, moment=NOW + timedelta(hours=1))

    row.refresh_from_db()
    assert (number, row.read_at) == (1, NOW + timedelta(hours=1))
    assert [entry.id for entry in queries.entries(ada, unread_only=True).items] == [later.pk]
    assert actions.read_until(SYSTEM, member_id=ada.pk + 9, moment=NOW) == 0
