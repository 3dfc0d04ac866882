"""What a member's device may keep of what they were told."""

from datetime import timedelta
from typing import Any

from guildry.kernel.offline import OfflineEntity, OfflineField, OfflineRecord, Shape
from guildry.people.notifications.queries.told import entries

TOLD = "notifications.Notification"
NOTIFICATION = OfflineRecord(
    "Notification",
    (
        OfflineField("id", Shape.TEXT, (f"{TOLD}.id",)),
        OfflineField("kind", Shape.TEXT, (f"{TOLD}.kind",)),
        OfflineField("text", Shape.TEXT, (f"{TOLD}.text",)),
        OfflineField("url", Shape.TEXT, (f"{TOLD}.url",)),
        OfflineField("actor_id", Shape.TEXT, (f"{TOLD}.actor",), optional=True),
        OfflineField("created_at", Shape.MOMENT, (f"{TOLD}.created_at",)),
        OfflineField("is_read", Shape.TRUTH, (f"{TOLD}.read_at",), volatile=True),
        OfflineField("is_seen", Shape.TRUTH, (f"{TOLD}.seen_at",), volatile=True),
    ),
)


def latest_notifications(viewer: Any) -> list[dict[str, Any]]:
    """Return the first page of what the viewer was told."""
    return [
        {
            "id": str(entry.id),
            "kind": entry.kind,
            "text": entry.text,
            "url": entry.url,
            "actor_id": str(entry.actor.pk) if entry.actor else None,
            "created_at": entry.created_at,
            "is_read": entry.is_read,
            "is_seen": entry.is_seen,
        }
        for entry in entries(viewer).items
    ]


ENTITY = OfflineEntity(
    "notifications", "Notifications", NOTIFICATION, latest_notifications, timedelta(days=14)
)
