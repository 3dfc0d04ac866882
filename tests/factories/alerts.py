"""Readings and alerts for tests."""

from guildry.kernel.permissions import SYSTEM
from guildry.ops.alerts import actions
from guildry.ops.alerts.models import Alert
from guildry.ops.alerts.rules import Reading, Severity


def reading(key: str = "disk.free", *, is_bad: bool = True, observed: str = "10 MB free") -> Reading:
    return Reading(key, "The disk is nearly full", Severity.CRITICAL, observed, "1,024 MB", is_bad)


def read(*verdicts: bool, key: str = "disk.free") -> int:
    """Take one reading after the other, True for a bad one; returns how often an alert opened or was over."""
    return sum(
        actions.evaluate_thresholds(SYSTEM, readings=[reading(key, is_bad=is_bad)]) for is_bad in verdicts
    )


def open_alert(key: str = "disk.free") -> Alert:
    read(True, True, True, key=key)
    return Alert.objects.get(current_key=key)
