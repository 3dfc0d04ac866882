"""Rate limits by the generic cell rate algorithm: one number per key, no windows, an exact time to retry."""

import threading
import time
from typing import Protocol

from guildry.kernel import errors


class Store(Protocol):
    """Keeps the theoretical arrival time of each key and moves it in one indivisible step."""

    def advance(self, key: str, increment: float, tolerance: float) -> float:
        """Spend `increment` seconds of the key and return 0, or return the seconds to wait and spend nothing."""
        ...


class LocalStore:
    """Limits of one process; forgets keys that are back to their full allowance."""

    def __init__(self) -> None:
        self._arrivals: dict[str, float] = {}
        self._lock = threading.Lock()

    def advance(self, key: str, increment: float, tolerance: float) -> float:
        now = time.monotonic()
        with self._lock:
            arrival = max(self._arrivals.get(key, now), now) + increment
            if (wait := arrival - tolerance - now) > 1e-9:
                return wait
            if len(self._arrivals) > 100_000:
                self._arrivals = {k: at for k, at in self._arrivals.items() if at > now}
            self._arrivals[key] = arrival
            return 0.0

    def clear(self) -> None:
        self._arrivals.clear()


_store: Store = LocalStore()


def use_store(store: Store) -> None:
    global _store
    _store = store


def spend(key: str, *, burst: int, per_second: float, cost: float = 1) -> None:
    """Take `cost` from the key's allowance of `burst`, refilled at `per_second`.

    Raises TooMany with the seconds until it would succeed, and then takes nothing.
    """
    wait = _store.advance(key, cost / per_second, burst / per_second)
    if wait > 0:
        raise errors.TooMany(retry_after=wait)
