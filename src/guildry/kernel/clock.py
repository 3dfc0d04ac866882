"""The one place that reads the time, always aware and in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the moment at which what is done happens: the one being told about, or the present."""
    return _told.get() or present()


def present() -> datetime:
    """Return the moment at which the program runs, also while it tells of another one."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the program run at `moment`, which must be aware, inside."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Let everything inside have happened at `moment`, which must be aware, while the program runs at present.

    Seeds tell the past with it, and a fact is delivered as of when it happened.
    """
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)
