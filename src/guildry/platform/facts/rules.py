"""How facts are chained, how long a failing delivery is tried again, and what damage to a chain is called."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from guildry.kernel import bus

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
    """Return the SHA-256, in hex, of the digest before a fact and the fact, as canonical JSON."""
    stamp = link.created_at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    key = link.key.replace("-", "")
    return digest_of(
        previous, link.seq, key, link.name, link.payload, link.actor_id, link.trace_id, stamp, link.act
    )


def digest_of(*parts: str | int | None) -> str:
    """Return the digest of a fact whose parts are as databases keep them: key in plain hex, time in UTC."""
    return bus.digest_of(parts)


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
