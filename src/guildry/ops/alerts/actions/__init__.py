"""Opening and resolving alerts, what staff do about them, and sending the news."""

from guildry.ops.alerts.actions.delivering import (
    DeviceUnfit,
    add_device,
    deliver_push,
    deliver_webhook,
    remove_device,
    send_test,
    tell_staff,
)
from guildry.ops.alerts.actions.standing import (
    acknowledge_alert,
    evaluate_thresholds,
    forget_tallies,
    lift_silence,
    note_failures,
    silence_alert,
)

__all__ = [
    "DeviceUnfit",
    "acknowledge_alert",
    "add_device",
    "deliver_push",
    "deliver_webhook",
    "evaluate_thresholds",
    "forget_tallies",
    "lift_silence",
    "note_failures",
    "remove_device",
    "send_test",
    "silence_alert",
    "tell_staff",
]
