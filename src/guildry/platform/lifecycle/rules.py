"""States of the process and what ends it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from guildry.kernel.states import Transitions


class State(StrEnum):
    """NOT_READY misses something critical and refuses work, DEGRADED something it can do without."""

    NEW = "new"
    STARTING = "starting"
    READY = "ready"
    DEGRADED = "degraded"
    NOT_READY = "not ready"
    DRAINING = "draining"
    STOPPED = "stopped"
    FAILED = "failed"


RUNNING = frozenset({State.READY, State.DEGRADED, State.NOT_READY})
STARTED = RUNNING | {State.DRAINING}
# Jobs are not begun where they could not be finished.
REFUSES_WORK = frozenset({State.STARTING, State.NOT_READY, State.DRAINING, State.FAILED})
_ENDS = frozenset({State.DRAINING, State.FAILED})

STATES = Transitions(
    {
        State.NEW: frozenset({State.STARTING}),
        State.STARTING: RUNNING | _ENDS,
        State.READY: RUNNING - {State.READY} | _ENDS,
        State.DEGRADED: RUNNING - {State.DEGRADED} | _ENDS,
        State.NOT_READY: RUNNING - {State.NOT_READY} | _ENDS,
        State.DRAINING: frozenset({State.STOPPED, State.FAILED}),
        State.STOPPED: frozenset({State.STARTING}),
        State.FAILED: frozenset(),
    }
)

# A process says every second how it is; one that is silent was killed, or its machine is out of reach.
SILENT_AFTER = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(hours=1)


def is_silent(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at > SILENT_AFTER


class Exit(IntEnum):
    """What the exit code of `guildry` says; numbers from sysexits where it has one."""

    CLEAN = 0
    FAILED = 1
    USAGE = 64
    DEPENDENCY = 69
    INCOMPLETE_DRAIN = 70
    VERIFY_FAILED = 73
    LOCKED = 75
    CONFIGURATION = 78


class Role(StrEnum):
    ALL = "all"
    WEB = "web"
    REALTIME = "realtime"
    WORKER = "worker"


EVERYTHING = frozenset({Role.WEB, Role.REALTIME, Role.WORKER})


def parts_of(role: str) -> frozenset[str]:
    """Return the roles a process plays, given with commas between; `all` plays every one and raises ValueError beside others."""
    if role == Role.ALL:
        return EVERYTHING
    parts = frozenset(role.split(","))
    if not parts <= EVERYTHING:
        raise ValueError(f"A role is all, or some of {', '.join(sorted(EVERYTHING))} with commas between.")
    return parts


def role_of(parts: Iterable[str]) -> str:
    """Return how a set of parts is written; the opposite of `parts_of`."""
    return Role.ALL if frozenset(parts) == EVERYTHING else ",".join(sorted(parts))
