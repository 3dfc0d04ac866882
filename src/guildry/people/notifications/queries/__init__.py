"""What is asked of notifications: what a member was told, what they chose, and what waits for mail."""

from guildry.people.notifications.queries.mail import due_digests, due_mail
from guildry.people.notifications.queries.told import (
    PAGE_SIZE,
    Bundle,
    Entry,
    bundles,
    entries,
    entry,
    groups,
    kinds_in,
    notifications_by_id,
    unread_count,
    unread_counts,
    why_not,
)
from guildry.people.notifications.queries.wishes import (
    UnknownLink,
    Wishes,
    channels_for,
    default_channels,
    tray_of,
    unsubscribe_target,
    unsubscribe_token,
    wishes_of,
)

__all__ = [
    "PAGE_SIZE",
    "Bundle",
    "Entry",
    "UnknownLink",
    "Wishes",
    "bundles",
    "channels_for",
    "default_channels",
    "due_digests",
    "due_mail",
    "entries",
    "entry",
    "groups",
    "kinds_in",
    "notifications_by_id",
    "tray_of",
    "unread_count",
    "unread_counts",
    "unsubscribe_target",
    "unsubscribe_token",
    "why_not",
    "wishes_of",
]
