"""One's own news, live: new notifications, and how many are unread."""

from datetime import datetime
from typing import Any

import msgspec

from guildry.kernel.points import Broadcast, Namespace, SocketEvent, SocketNews, SocketSession
from guildry.people.notifications import actions, queries
from guildry.people.notifications.events import (
    MembersNotified,
    NotificationsRead,
    NotificationsWithdrawn,
)


class Read(msgspec.Struct, forbid_unknown_fields=True):
    """Which notifications were read: some by id, or everything up to one."""

    ids: list[int] = []
    up_to: int | None = None


class Unread(msgspec.Struct, forbid_unknown_fields=True):
    """How many notifications are unread."""

    unread: int


class NotificationActor(msgspec.Struct, forbid_unknown_fields=True):
    """Who caused it."""

    handle: str
    name: str


class ToldNotification(msgspec.Struct, forbid_unknown_fields=True):
    """A notification as it arrives; `actor` is absent when nobody in particular caused it."""

    id: int
    kind: str
    icon: str
    text: str
    url: str
    created_at: datetime
    actor: NotificationActor | None


def rooms(viewer: Any) -> list[str]:
    return [room_of(viewer.pk)]


def room_of(member_id: int) -> str:
    return f"member:{member_id}"


def new_notifications(fact: MembersNotified) -> list[Broadcast]:
    """Show each notification to its recipient, and then their count, so that the last message wins."""
    rows = queries.notifications_by_id(fact.notification_ids)
    told = [Broadcast(room_of(row.recipient_id), "notification", body(row)) for row in rows]
    return [*told, *counters({row.recipient_id for row in rows})]


def own_counters(fact: NotificationsRead) -> list[Broadcast]:
    return counters({fact.member_id})


def changed_counters(fact: NotificationsWithdrawn) -> list[Broadcast]:
    return counters(set(fact.member_ids))


def counters(member_ids: set[int]) -> list[Broadcast]:
    found = queries.unread_counts(member_ids)
    return [Broadcast(room_of(pk), "counters", {"unread": found[pk]}) for pk in sorted(found)]


def body(row: Any) -> dict[str, Any]:
    entry = queries.entry(row, row.recipient)
    return {
        "id": entry.id,
        "kind": entry.kind,
        "icon": entry.icon,
        "text": entry.text,
        "url": entry.url,
        "created_at": entry.created_at.isoformat(),
        "actor": None if entry.actor is None else {"handle": entry.actor.handle, "name": entry.actor.name},
    }


def read(session: SocketSession, payload: Read) -> dict[str, Any]:
    """Mark notifications as read and return what is left."""
    if payload.up_to is None:
        actions.mark_read(session.viewer, notification_ids=payload.ids)
    else:
        actions.mark_all_read(session.viewer, up_to=payload.up_to)
    return {"unread": queries.unread_count(session.viewer)}


NAMESPACE = Namespace(
    path="/me",
    rooms=rooms,
    area="notifications",
    events=(
        SocketEvent(
            "notification.read",
            Read,
            read,
            burst=30,
            per_second=5.0,
            answer=Unread,
            meaning="Mark notifications as read: some by id, or everything up to one.",
        ),
    ),
    news=(
        SocketNews("notification", ToldNotification, "You were told something."),
        SocketNews("counters", Unread, "The number of unread notifications changed; the last message wins."),
    ),
    meaning="What concerns you alone: notifications, and how many are unread.",
    project={
        MembersNotified.name: new_notifications,
        NotificationsRead.name: own_counters,
        NotificationsWithdrawn.name: changed_counters,
    },
)
