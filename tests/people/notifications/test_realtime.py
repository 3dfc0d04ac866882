"""What one hears live: new notifications and absolute counts, in one's own room only."""

import msgspec
import pytest

from guildry.kernel import points
from guildry.kernel.points import Broadcast, SocketSession
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions, queries, realtime
from guildry.people.notifications.events import (
    MembersNotified,
    NotificationsRead,
    NotificationsWithdrawn,
)
from tests.factories.notifications import tell


def test_a_notification_is_shown_to_its_recipient_with_the_count_after_it(ada: Member, ben: Member) -> None:
    first = tell(ada, "Ben follows you", actor=ben, url="/people/ben/")
    second = tell(ben, "Welcome")

    sent = realtime.new_notifications(MembersNotified((first.pk, second.pk)))

    assert [(b.room, b.event) for b in sent] == [
        (f"member:{ada.pk}", "notification"),
        (f"member:{ben.pk}", "notification"),
        (f"member:{ada.pk}", "counters"),
        (f"member:{ben.pk}", "counters"),
    ]
    assert sent[0].body == {
        "id": first.pk,
        "kind": "network.follow",
        "icon": "user-round",
        "text": "Ben follows you",
        "url": "/people/ben/",
        "created_at": first.created_at.isoformat(),
        "actor": {"handle": "ben", "name": "Ben Okri"},
    }
    assert sent[1].body["actor"] is None
    assert [b.body for b in sent[2:]] == [{"unread": 1}, {"unread": 1}]


def test_counts_are_absolute_whatever_changed_them(ada: Member, ben: Member) -> None:
    tell(ada)
    tell(ada)

    read = realtime.own_counters(NotificationsRead(ada.pk))
    withdrawn = realtime.changed_counters(NotificationsWithdrawn((ada.pk, ben.pk)))

    assert read == [Broadcast(f"member:{ada.pk}", "counters", {"unread": 2})]
    assert [b.body for b in withdrawn] == [{"unread": 2}, {"unread": 0}]


def test_a_socket_joins_its_members_room_and_marks_as_read(ada: Member) -> None:
    first, second, third = (tell(ada) for _ in range(3))
    session = SocketSession("sid", ada)

    some = realtime.read(session, realtime.Read(ids=[third.pk]))
    rest = realtime.read(session, realtime.Read(up_to=first.pk))

    assert realtime.rooms(ada) == [f"member:{ada.pk}"]
    assert (some, rest) == ({"unread": 2}, {"unread": 1})
    assert [e.id for e in queries.entries(ada, unread_only=True).items] == [second.pk]


def test_a_socket_reads_for_nobody_else(ada: Member, ben: Member) -> None:
    row = tell(ada)

    realtime.read(SocketSession("sid", ben), realtime.Read(ids=[row.pk]))

    assert queries.unread_count(ada) == 1


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"ids": [], "member": 1}, realtime.Read)


def test_the_namespace_is_registered_for_every_fact_it_projects(ada: Member) -> None:
    namespace = points.NAMESPACES["/me"]

    assert set(namespace.project) == {
        MembersNotified.name,
        NotificationsRead.name,
        NotificationsWithdrawn.name,
    }
    assert actions.mark_all_read(ada) == 0
