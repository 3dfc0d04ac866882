"""What every engine can do."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from guildry.ops.backups.archive import Identity, Position, Table


class EngineFailed(Exception):
    """A database, or a tool of it, did not do what was asked of it; the text says what it said."""


class EngineBusy(EngineFailed):
    """Somebody else uses the database that is to be swapped."""


class LogGap(EngineFailed):
    """The log of a database does not reach from a backup to where it is to go, without a gap."""


@dataclass(frozen=True)
class Log:
    """A folder with a log, sealed by us or in files of MariaDB, and where to stop: a transaction, a moment, or its end.

    `since` is the moment of the backup that is gone on from.
    """

    folder: Path
    until_gtid: str = ""
    until: datetime | None = None
    since: datetime | None = None
    identities: tuple[Identity, ...] = ()
    signers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reached:
    """Up to where a log was read earlier."""

    stream: str
    last: int
    mark: str


@dataclass(frozen=True)
class Piece:
    """What a database wrote: units `first` to `last` of a stream, none when nothing was; `mark` tells the last one from another."""

    stream: str
    first: int
    last: int
    unit: int
    mark: str
    content: bytes


class Follower(Protocol):
    """Reads the log of a database as it grows; `is_unbroken` says whether nothing is missing since what was reached."""

    engine: str
    is_unbroken: bool

    def take(self) -> Iterator[Piece]:
        """Yield what was written since it was called last; raises EngineFailed."""

    def last_words(self) -> Iterator[Piece]:
        """Yield the rest, and what makes it possible to go on later; raises EngineFailed."""

    def idle(self) -> Piece:
        """Return what says that nothing was written."""

    def close(self) -> None:
        """Let go of the database."""


class Hold(Protocol):
    """Keeps what a database wrote from being overwritten while nobody reads it."""

    def renew(self) -> None:
        """Let go of what was written until now."""

    def close(self) -> None:
        """Let go of everything."""


class Copy(Protocol):
    """The database as it was at one moment."""

    engine: str
    schema: str
    migrations: tuple[str, ...]
    position: Position
    tools: dict[str, str]

    def chunks(self) -> Iterator[bytes]:
        """Yield the copy as it is sealed."""

    def tables(self) -> tuple[Table, ...]:
        """Count and digest every table of the copy."""


@dataclass(frozen=True)
class Place:
    """A database that was brought up beside the real one: a file, or a database of a server. `address` opens it."""

    address: str
    label: str
    path: Path | None = None


class Engine(Protocol):
    """One kind of database."""

    part: str

    def copying(self, work: Path) -> AbstractContextManager[Copy]:
        """Hold the database as it is now; raises EngineFailed."""

    def is_dump(self, head: bytes, tail: bytes) -> bool:
        """Tell by its first and last bytes whether something is what this engine copies into."""

    def standing(self, work: Path) -> AbstractContextManager[Place]:
        """Provide an empty throwaway place of this engine; raises EngineFailed."""

    def landing(self, work: Path) -> AbstractContextManager[Place]:
        """Provide an empty place that can be swapped with the real one; gone afterwards unless it was."""

    def require_quiet(self) -> None:
        """Make sure that nobody uses the real database; raises EngineBusy."""

    def swap(self, place: Place, aside: Path) -> str:
        """Put a place where the real database is, and that one aside; returns where it is now."""

    def filling(self, place: Place) -> AbstractContextManager[Any]:
        """Give a sink that takes a copy into an empty place; raises EngineFailed when it is not taken."""

    def follow(self, spool: Path, reached: Reached | None) -> Follower:
        """Begin to read the log of the real database, from where it was read to if that is still there; raises EngineFailed."""

    def hold(self) -> Hold:
        """Provide what keeps the log of the real database from being overwritten."""

    def replay(self, place: Place, position: Position, log: Log) -> None:
        """Do again, in a place, what happened after the position of its copy; raises LogGap or EngineFailed."""

    def tables_of(self, place: Place) -> tuple[Table, ...]:
        """Count and digest every table of a place."""

    def damage_of(self, place: Place) -> str:
        """Have the engine examine a place; returns what it complains of, or an empty string."""
