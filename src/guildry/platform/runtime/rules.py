"""What may become of a set of changes, how its place in the chain is sealed, and how long things last."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from guildry.kernel.states import Transitions

WAITING, SCHEDULED, APPLIED = "waiting", "scheduled", "applied"
DECLINED, WITHDRAWN, FAILED = "declined", "withdrawn", "failed"
STATES = Transitions(
    {
        WAITING: frozenset({SCHEDULED, APPLIED, DECLINED, WITHDRAWN}),
        SCHEDULED: frozenset({APPLIED, WITHDRAWN, FAILED}),
        APPLIED: frozenset(),
        DECLINED: frozenset(),
        WITHDRAWN: frozenset(),
        FAILED: frozenset(),
    }
)
LONGEST_OVERRIDE = timedelta(hours=24)
SHORTEST_OVERRIDE = timedelta(minutes=1)
FURTHEST_SCHEDULE = timedelta(days=90)
HEARTBEAT = timedelta(seconds=10)
GONE_AFTER = timedelta(seconds=30)
TRY_AGAIN_AFTER = timedelta(seconds=10)


def may_approve(proposer_id: int | None, approver_id: int | None) -> bool:
    """Tell whether somebody may approve: anybody but whoever proposed."""
    return proposer_id != approver_id


def digest_after(previous: str, content: Mapping[str, Any]) -> str:
    """Return the digest that follows another in the chain of what was applied."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def fingerprint(secret: str) -> str:
    """Return what tells two secrets apart and gives neither away."""
    return hashlib.sha256(f"guildry:fingerprint:{secret}".encode()).hexdigest()[:12]


def is_alive(seen_at: datetime, now: datetime) -> bool:
    """Tell whether a process that was last seen then still counts."""
    return now - seen_at < GONE_AFTER


def next_expiry(expiries: list[datetime], now: datetime) -> datetime | None:
    """Return when the next override ends."""
    return min((moment for moment in expiries if moment > now), default=None)
