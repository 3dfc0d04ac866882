"""What every engine can do."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from guildry.ops.backups.archive import Position, Table


class EngineFailed(Exception):
    """A database, or a tool of it, did not do what was asked of it; the text says what it said."""


class EngineBusy(EngineFailed):
    """Somebody else uses the database that is to be swapped."""


class LogGap(EngineFailed):
    """The log of a database does not reach from a backup to where it is to go, without a gap."""


@dataclass(frozen=True)
class Log:
    """A folder with files of the log of a database, and where to stop: at a transaction, or at a moment."""

    folder: Path
    until_gtid: str = ""
    until: datetime | None = None


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

    def replay(self, place: Place, position: Position, log: Log) -> None:
        """Do again, in a place, what happened after the position of its copy; raises LogGap or EngineFailed."""

    def tables_of(self, place: Place) -> tuple[Table, ...]:
        """Count and digest every table of a place."""

    def damage_of(self, place: Place) -> str:
        """Have the engine examine a place; returns what it complains of, or an empty string."""
