"""Telling members things, reading them, choosing what to be told, and mailing it."""

from guildry.people.notifications.actions.choosing import (
    PauseRefused,
    QuietHoursIncomplete,
    UnknownKind,
    choose_channels,
    pause_mail,
    plan_digest,
    unsubscribe,
)
from guildry.people.notifications.actions.mailing import mail_digest, mail_notification
from guildry.people.notifications.actions.occasions import (
    settle_request,
    tell_accepted,
    tell_followed,
    tell_invited,
    tell_join_requested,
    tell_let_in,
    tell_requested,
    withdraw_request,
)
from guildry.people.notifications.actions.reading import (
    NotificationNotFound,
    forget_old,
    mark_all_read,
    mark_read,
    mark_seen,
    read_from,
    read_notification,
    read_until,
)
from guildry.people.notifications.actions.telling import notify, part_members, withdraw_notifications

__all__ = [
    "NotificationNotFound",
    "PauseRefused",
    "QuietHoursIncomplete",
    "UnknownKind",
    "choose_channels",
    "forget_old",
    "mail_digest",
    "mail_notification",
    "mark_all_read",
    "mark_read",
    "mark_seen",
    "notify",
    "part_members",
    "pause_mail",
    "plan_digest",
    "read_from",
    "read_notification",
    "read_until",
    "settle_request",
    "tell_accepted",
    "tell_followed",
    "tell_invited",
    "tell_join_requested",
    "tell_let_in",
    "tell_requested",
    "unsubscribe",
    "withdraw_notifications",
    "withdraw_request",
]
