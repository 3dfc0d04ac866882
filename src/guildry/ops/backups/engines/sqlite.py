"""SQLite: a copy is the file as it is at one moment, while members go on writing; its log is its write-ahead log."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection

from guildry.ops.backups.archive import Position, Table
from guildry.ops.backups.engines import sealed, wal
from guildry.ops.backups.engines.common import Copy, EngineFailed, Follower, Hold, Log, LogGap, Place, Reached
from guildry.ops.backups.engines.wal import WalFollower, WalHold

CHUNK = 1024 * 1024
ROWS = 2000
MAGIC = b"SQLite format 3\0"
_pack = msgspec.msgpack.Encoder().encode


@dataclass
class FileCopy:
    """A database file that nobody else writes to."""

    path: Path
    engine: str = f"sqlite {sqlite3.sqlite_version}"
    position: Position = field(default_factory=Position)
    tools: dict[str, str] = field(default_factory=lambda: {"sqlite": sqlite3.sqlite_version})
    schema: str = ""
    migrations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        with closing(_open(self.path)) as database:
            self.schema, self.migrations = _schema(database), _migrations(database)

    def chunks(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def tables(self) -> tuple[Table, ...]:
        with closing(_open(self.path)) as database:
            return tuple(_table(database, name) for name in _names(database))


class Sqlite:
    """The embedded database."""

    part = "db.sqlite.zst.age"

    @contextmanager
    def copying(self, work: Path) -> Iterator[Copy]:
        """Copy the file page by page as it is at one moment, so that what the log holds afterwards fits on it."""
        path = work / "copy.db"
        try:
            connection.ensure_connection()
            end = wal.copy(connection.connection, path)
            yield FileCopy(path, position=Position(file=end.stream, offset=end.frame) if end else Position())
        finally:
            path.unlink(missing_ok=True)

    def is_dump(self, head: bytes, tail: bytes) -> bool:
        return head.startswith(MAGIC)

    @contextmanager
    def standing(self, work: Path) -> Iterator[Place]:
        path = work / "guildry.db"
        yield Place(str(path), "a file of its own", path)

    @contextmanager
    def landing(self, work: Path) -> Iterator[Place]:
        with self.standing(work) as place:
            yield place

    def require_quiet(self) -> None:
        """Whoever uses the file holds its data folder, and that is asked elsewhere."""

    def swap(self, place: Place, aside: Path) -> str:
        """Put a file where the real one is; there is one there at every moment."""
        live = _live()
        _settle_journal(live, aside)
        if live.exists():
            os.link(live, aside / live.name)
        os.replace(_path(place), live)
        return str(aside / live.name)

    @contextmanager
    def filling(self, place: Place) -> Iterator[Any]:
        with _path(place).open("xb") as file:
            _path(place).chmod(0o600)
            yield file

    def follow(self, spool: Path, reached: Reached | None) -> Follower:
        return WalFollower(_live(), reached)

    def hold(self) -> Hold:
        return WalHold(_live())

    def replay(self, place: Place, position: Position, log: Log) -> None:
        """Put what the log holds into the file, up to the last transaction that was whole."""
        if log.until_gtid:
            raise LogGap("SQLite numbers no transactions. Name a moment.")
        if not position.file:
            raise LogGap("the backup does not say where the log stood.")
        records = sealed.behind(sealed.chain_with(log, position.file), position)
        while records and not all(wal.ends_whole(*last) for last in sealed.opened(records[-1:], log)):
            records.pop()
        if records:
            wal.apply(_path(place), sealed.opened(records, log))

    def tables_of(self, place: Place) -> tuple[Table, ...]:
        try:
            return FileCopy(_path(place)).tables()
        except sqlite3.DatabaseError as error:
            raise EngineFailed(f"SQLite cannot read it: {error}") from None

    def damage_of(self, place: Place) -> str:
        try:
            with closing(_open(_path(place))) as database:
                lines = [str(row[0], "utf-8") for row in database.execute("PRAGMA integrity_check(3)")]
                orphans = database.execute("PRAGMA foreign_key_check").fetchmany(1)
        except sqlite3.DatabaseError as error:
            return str(error)
        if lines != ["ok"]:
            return "; ".join(lines)
        return f"a row of {str(orphans[0][0], 'utf-8')} refers to one that is not there" if orphans else ""


def _live() -> Path:
    return Path(connection.get_connection_params()["database"])


def _settle_journal(live: Path, aside: Path) -> None:
    """Have what is still in the journal of a database put into its file; move aside what cannot be."""
    if live.exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(live)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode=DELETE")
    for ending in ("-wal", "-shm", "-journal"):
        leftover = live.with_name(f"{live.name}{ending}")
        if leftover.exists():
            leftover.rename(aside / leftover.name)


def _path(place: Place) -> Path:
    if place.path is None:
        raise EngineFailed("SQLite keeps a database in a file.")
    return place.path


def _open(path: Path) -> sqlite3.Connection:
    """Open a file to read it; texts come as bytes, so that one that is no UTF-8 is copied as it is."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    database.text_factory = bytes
    return database


def _names(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [str(row[0], "utf-8") for row in rows]


def _table(database: sqlite3.Connection, name: str) -> Table:
    """Digest a table row after row in the order of its key."""
    columns = database.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
    shown = ", ".join(_quoted(str(column[1], "utf-8")) for column in columns)
    key = sorted((column[5], _quoted(str(column[1], "utf-8"))) for column in columns if column[5])
    order = ", ".join(column for _, column in key) or "rowid"
    digest, rows = hashlib.sha256(shown.encode()), 0
    found = database.execute(f"SELECT {shown} FROM {_quoted(name)} ORDER BY {order}")  # noqa: S608 - quoted names
    while portion := found.fetchmany(ROWS):
        rows += len(portion)
        digest.update(_pack(portion)[_head_of(len(portion)) :])
    return Table(name, rows, digest.hexdigest())


def _head_of(count: int) -> int:
    """Return how many bytes say that a list follows; left out, portions of any size make the same digest."""
    return 1 if count < 16 else 3


def _schema(database: sqlite3.Connection) -> str:
    rows = database.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()
    return hashlib.sha256(_pack(rows)).hexdigest()


def _migrations(database: sqlite3.Connection) -> tuple[str, ...]:
    rows = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return tuple(f"{str(app, 'utf-8')}.{str(name, 'utf-8')}" for app, name in rows)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
