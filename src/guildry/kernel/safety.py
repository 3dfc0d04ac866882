"""What is known of the site before its data are changed, and what is done once they were put back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RestorePoint:
    """A state of the data that was proven to be there to go back to, and when it was the present one."""

    name: str
    at: datetime


@dataclass(frozen=True)
class RestorePoints:
    """Somebody who keeps states to go back to; `newest` returns the newest one that was proven, or None."""

    key: str
    newest: Callable[[], RestorePoint | None]


@dataclass(frozen=True)
class RunningCode:
    """A process that was heard of a moment ago: its name, the release it runs, and since when."""

    name: str
    release: str
    since: datetime


@dataclass(frozen=True)
class RollCall:
    """Somebody who knows which processes of the site are alive, on all machines."""

    key: str
    present: Callable[[], Sequence[RunningCode]]


@dataclass(frozen=True)
class AfterRestore:
    """What is done again once data are those of a backup, before anybody is let in: `replay` is given the moment of it.

    It may be called more than once, says how many things it did, and raises when it could not do them all.
    """

    key: str
    replay: Callable[[datetime], int]
