"""Alerts as they stand, and what is measured against the thresholds."""

from guildry.ops.alerts.queries.channels import (
    Channels,
    channels,
    push_key,
    push_private_key,
    shown_webhook_secret,
    webhook_secret,
)
from guildry.ops.alerts.queries.measurements import readings
from guildry.ops.alerts.queries.pushing import encrypted, push_headers
from guildry.ops.alerts.queries.standing import (
    alert,
    current_alerts,
    history,
    is_silenced,
    message_of,
    recipients,
    silence,
    silences,
    streaks,
)

__all__ = [
    "Channels",
    "alert",
    "channels",
    "current_alerts",
    "encrypted",
    "history",
    "is_silenced",
    "message_of",
    "push_headers",
    "push_key",
    "push_private_key",
    "readings",
    "recipients",
    "shown_webhook_secret",
    "silence",
    "silences",
    "streaks",
    "webhook_secret",
]
