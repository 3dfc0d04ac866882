"""When a reading becomes an alert, what may become of it, how it is worded, and how a webhook proves itself."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guildry.kernel.states import Transitions

SILENCES = {1: "1 hour", 4: "4 hours", 24: "1 day", 168: "1 week"}
CHANNEL_ATTEMPTS = 12
WINDOW_MINUTES = 5


class Severity(StrEnum):
    CRITICAL = "critical"
    SERIOUS = "serious"


class State(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


STATES = Transitions(
    {
        State.OPEN: frozenset({State.ACKNOWLEDGED, State.RESOLVED}),
        State.ACKNOWLEDGED: frozenset({State.RESOLVED}),
        State.RESOLVED: frozenset(),
    }
)


@dataclass(frozen=True)
class Reading:
    """What was measured for one rule: `observed` and `threshold` in words, and whether that is bad."""

    key: str
    label: str
    severity: Severity
    observed: str
    threshold: str
    is_bad: bool


@dataclass(frozen=True)
class Streak:
    """How many readings in a row were bad, or good."""

    bad: int = 0
    good: int = 0

    def after(self, *, is_bad: bool) -> "Streak":
        return Streak(min(self.bad + 1, 1000), 0) if is_bad else Streak(0, min(self.good + 1, 1000))


def opens(streak: Streak, *, samples: int) -> bool:
    return streak.bad >= samples


def resolves(streak: Streak, *, samples: int) -> bool:
    return streak.good >= samples


def is_silencing(*, until: datetime, lifted_at: datetime | None, now: datetime) -> bool:
    return lifted_at is None and now < until


def words_for(seconds: float) -> str:
    """Say how long that is, in the largest unit that fits."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = round(seconds / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    number = round(seconds)
    return f"{number} second{'' if number == 1 else 's'}"


def headline(label: str, severity: str, *, is_over: bool) -> str:
    return f"Resolved: {label}" if is_over else f"{severity.capitalize()}: {label}"


def webhook_headers(*, secret: bytes, message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of the Standard Webhooks specification, signed with HMAC-SHA-256."""
    stamp = str(int(sent_at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def is_signed(headers: Mapping[str, str], body: bytes, *, secret: bytes, now: datetime) -> bool:
    """Tell whether a message is ours and of the last five minutes; what a receiver does, kept here as its example."""
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), now.tzinfo)
    expected = webhook_headers(secret=secret, message_id=headers["webhook-id"], sent_at=sent_at, body=body)
    is_fresh = abs(now - sent_at) <= timedelta(minutes=5)
    return is_fresh and hmac.compare_digest(expected["webhook-signature"], headers["webhook-signature"])
