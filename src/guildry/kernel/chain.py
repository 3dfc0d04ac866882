"""How facts are chained: each digest covers the one before it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from guildry.kernel import bus


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
