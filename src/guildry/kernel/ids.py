"""Identifiers that sort by the moment they were made."""

import threading
import time
from datetime import UTC, datetime
from uuid import UUID

from guildry.kernel import chance

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Return an RFC 9562 version 7 UUID, strictly increasing within this process."""
    return UUID(int=_next())


def uuid7_hex() -> str:
    """Return what `uuid7().hex` is."""
    return f"{_next():032x}"


def _next() -> int:
    global _last
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000
        _last = stamp = max(stamp, _last + 1)
    milliseconds, fraction = divmod(stamp, 4096)
    tail = int.from_bytes(chance.fresh()[:8], "big") & (2**62 - 1)
    return (milliseconds << 80) | (7 << 76) | (fraction << 64) | (2 << 62) | tail


def made_at(key: UUID) -> datetime:
    """Return when a version 7 UUID was made, to the millisecond."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)
