"""Rate limits by the generic cell rate algorithm: one number per key, no windows, an exact time to retry."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

import structlog

from guildry.kernel import errors

log = structlog.get_logger("guildry.limits")

# Rounding must not turn the last allowed call into a refusal.
_TOLERATED = 1e-6


@dataclass(frozen=True)
class Step:
    """What one step did, in seconds: `wait` until it would succeed (0 when it did), `backlog` still to be worked off."""

    wait: float
    backlog: float


class Store(Protocol):
    """Keeps the theoretical arrival time of each key and moves it in one indivisible step."""

    def advance(self, key: str, increment: float, tolerance: float) -> Step:
        """Spend `increment` seconds of the key, or spend nothing and say how long to wait."""
        ...


class LocalStore:
    """Limits of one process; forgets keys that are back to their full allowance."""

    def __init__(self, *, largest: int = 100_000) -> None:
        self._arrivals: dict[str, float] = {}
        self._largest = largest
        self._lock = threading.Lock()

    def advance(self, key: str, increment: float, tolerance: float) -> Step:
        now = time.monotonic()
        with self._lock:
            current = max(self._arrivals.get(key, now), now)
            arrival = current + increment
            if (wait := arrival - tolerance - now) > _TOLERATED:
                return Step(wait, current - now)
            if len(self._arrivals) >= self._largest:
                self._arrivals = {k: at for k, at in self._arrivals.items() if at > now}
            self._arrivals[key] = arrival
            return Step(0.0, arrival - now)

    def clear(self) -> None:
        self._arrivals.clear()


_ADVANCE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local current = tonumber(redis.call('GET', KEYS[1]) or now)
if current < now then current = now end
local arrival = current + tonumber(ARGV[1])
local wait = arrival - tonumber(ARGV[2]) - now
if wait > 0.000001 then return {tostring(wait), tostring(current - now)} end
redis.call('SET', KEYS[1], string.format('%.6f', arrival), 'PX', math.ceil((arrival - now) * 1000))
return {'0', tostring(arrival - now)}
"""


class RedisStore:
    """Limits shared by all processes, timed by the clock of the Redis server."""

    def __init__(self, url: str) -> None:
        import redis

        client = redis.Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
        self._advance = client.register_script(_ADVANCE)
        self.losses: tuple[type[Exception], ...] = (redis.exceptions.RedisError, OSError)

    def advance(self, key: str, increment: float, tolerance: float) -> Step:
        wait, backlog = self._advance(keys=[f"limit:{key}"], args=[increment, tolerance])
        return Step(float(wait), float(backlog))


class SharedStore:
    """Asks Redis, and keeps limits of this process alone while Redis is away, asking again every second."""

    def __init__(self, shared: RedisStore, *, pause: float = 1.0) -> None:
        self._shared, self._local, self._pause = shared, LocalStore(), pause
        self._away_until = 0.0

    def advance(self, key: str, increment: float, tolerance: float) -> Step:
        if time.monotonic() >= self._away_until:
            try:
                return self._shared.advance(key, increment, tolerance)
            except self._shared.losses as error:
                self._away_until = time.monotonic() + self._pause
                log.warning("limits_are_local", error=str(error)[:200])
        return self._local.advance(key, increment, tolerance)


_store: Store = LocalStore()
_here = LocalStore()


def use_store(store: Store) -> Store:
    """Keep limits in `store` from now on; returns the one used before."""
    global _store
    before, _store = _store, store
    return before


def forget_all() -> None:
    """Give every key of this process its full allowance again, between tests."""
    _here.clear()
    if isinstance(_store, LocalStore):
        _store.clear()


@dataclass(frozen=True)
class Allowance:
    """What is left of a key: `remaining` calls of cost 1, all of them again after `reset` seconds."""

    remaining: int
    reset: float
    wait: float = 0.0


_are_lifted: ContextVar[bool] = ContextVar("limits are lifted", default=False)


@contextmanager
def lifted() -> Iterator[None]:
    """Take nothing from any allowance inside: seeds tell weeks in seconds, and members keep what is theirs."""
    token = _are_lifted.set(True)
    try:
        yield
    finally:
        _are_lifted.reset(token)


def take(key: str, *, burst: int, per_second: float, cost: float = 1) -> Allowance:
    """Take `cost` from the key's allowance of `burst`, refilled at `per_second`; `wait` above 0 means nothing was taken."""
    return _take(_store, key, burst, per_second, cost)


def take_here(key: str, *, burst: int, per_second: float, cost: float = 1) -> Allowance:
    """Take as `take` does, from an allowance of this process alone: a guard that costs no trip to another server."""
    return _take(_here, key, burst, per_second, cost)


def _take(store: Store, key: str, burst: int, per_second: float, cost: float) -> Allowance:
    if _are_lifted.get():
        return Allowance(burst, 0.0)
    step = store.advance(key, cost / per_second, burst / per_second)
    remaining = math.floor(burst - step.backlog * per_second + _TOLERATED)
    return Allowance(max(remaining, 0), step.backlog, step.wait)


def spend(key: str, *, burst: int, per_second: float, cost: float = 1) -> None:
    """Take `cost` from the key's allowance of `burst`, refilled at `per_second`.

    Raises TooMany with the seconds until it would succeed, and then takes nothing.
    """
    if (wait := take(key, burst=burst, per_second=per_second, cost=cost).wait) > 0:
        raise errors.TooMany(retry_after=wait)
