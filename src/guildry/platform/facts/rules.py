"""How facts are chained, how long a failing delivery is tried again, and what damage to a chain is called."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_ATTEMPTS = 10
KEEP_RECEIPTS = timedelta(days=14)


@dataclass(frozen=True)
class Link:
    """What the chain protects of a fact."""

    seq: int
    key: str
    name: str
    payload: str
    actor_id: int | None
    trace_id: str
    created_at: datetime
    act: str | None = None


def digest_after(previous: str, link: Link) -> str:
    """Return the SHA-256, in hex, of a fact in canonical JSON and the digest before it."""
    body = [
        previous, link.seq, link.key, link.name, link.payload, link.actor_id, link.trace_id,
        link.created_at.isoformat(timespec="microseconds"),
        *([] if link.act is None else [link.act]),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(body, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def pause_before(attempt: int) -> timedelta:
    """Return how long to wait before trying a delivery again: 1 s, doubling, at most an hour."""
    return timedelta(seconds=min(3600, 2 ** (attempt - 1)))


class Damage(StrEnum):
    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT_SHORT = "cut short"
    HEAD_FORGED = "head forged"


@dataclass(frozen=True)
class Finding:
    """The first fact that is not as it was sealed."""

    seq: int
    damage: Damage

    def __str__(self) -> str:
        return f"fact {self.seq}: {self.damage}"
