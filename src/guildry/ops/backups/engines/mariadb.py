"""MariaDB: a copy is what mariadb-dump writes of the same moment at which every table is counted and digested."""

import hashlib
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guildry.kernel import clock
from guildry.ops.backups.archive import Position, Table
from guildry.ops.backups.engines import binlog
from guildry.ops.backups.engines.binlog import BinlogFollower
from guildry.ops.backups.engines.common import (
    Copy,
    EngineBusy,
    EngineFailed,
    Follower,
    Hold,
    Log,
    Place,
    Reached,
)
from guildry.ops.backups.engines.server import Address, program, throwaway

CHUNK = 1024 * 1024
LOCK_ATTEMPTS, LOCK_SECONDS, FAREWELL_SECONDS = 5, 5, 3.0
DUMP = (
    "--single-transaction", "--quick", "--hex-blob", "--no-tablespaces", "--default-character-set=utf8mb4",
    "--triggers", "--skip-add-locks",
)  # fmt: skip


@dataclass
class DumpCopy:
    """A dump that is being written, and a connection that sees the rows of the same moment."""

    cursor: Any
    process: "subprocess.Popen[bytes]"
    complaints: Any
    first: bytes
    engine: str
    schema: str
    migrations: tuple[str, ...]
    position: Position
    tools: dict[str, str] = field(default_factory=dict)

    def chunks(self) -> Iterator[bytes]:
        output: Any = self.process.stdout
        yield self.first
        while chunk := output.read(CHUNK):
            yield chunk
        if self.process.wait():
            self.complaints.seek(0)
            raise EngineFailed(f"mariadb-dump said: {self.complaints.read().decode(errors='replace')[-300:]}")

    def tables(self) -> tuple[Table, ...]:
        return _tables(self.cursor)


class KeptByServer:
    """A server keeps its log as long as its own settings say."""

    def renew(self) -> None:
        """Nothing has to be held."""

    def close(self) -> None:
        """Nothing was held."""


class Mariadb:
    """A server of MariaDB."""

    part = "db.sql.zst.age"

    @contextmanager
    def copying(self, work: Path) -> Iterator[Copy]:
        """Hold one moment: while all tables are locked for a moment, the dump and our own reader begin to look."""
        address = Address.configured()
        with address.opened() as reader, address.options() as options, tempfile.TemporaryFile() as complaints:
            with address.opened() as locker:
                _lock(locker, _names(reader))
                reader.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                reader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
                position = _position(locker)
                command = [program("mariadb-dump", "mariadb-client"), options, *DUMP, address.name]
                process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints)
                # What it writes first it writes after it began to look, so whoever has read that may let go.
                first = process.stdout.read(1) if process.stdout else b""
                locker.execute("UNLOCK TABLES")
            try:
                version = _version(reader)
                yield DumpCopy(
                    reader, process, complaints, first, f"mariadb {version}", _schema(reader),
                    _migrations(reader), position, {"mariadb-dump": version},
                )  # fmt: skip
            finally:
                process.kill()
                process.wait()
                if process.stdout:
                    process.stdout.close()

    def is_dump(self, head: bytes, tail: bytes) -> bool:
        return b"MariaDB dump" in head and b"-- Dump completed" in tail

    @contextmanager
    def standing(self, work: Path) -> Iterator[Place]:
        with throwaway(work) as address:
            yield address.place("a server of its own")

    @contextmanager
    def landing(self, work: Path) -> Iterator[Place]:
        real = Address.configured()
        name = f"{real.name}_restore_{clock.now():%Y%m%d%H%M%S}"
        with real.opened() as cursor:
            _create(cursor, name)
            try:
                yield real.named(name).place(f"database {name}")
            finally:
                cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")

    def require_quiet(self) -> None:
        real = Address.configured()
        with real.opened() as cursor:
            others = _others(cursor, real.name)
            deadline = time.monotonic() + FAREWELL_SECONDS
            while others and time.monotonic() < deadline:
                time.sleep(0.1)
                others = _others(cursor, real.name)
        if others:
            raise EngineBusy(
                f"{others} connections are open to the database {real.name}. Stop the site first."
            )

    def swap(self, place: Place, aside: Path) -> str:
        """Exchange all tables in one statement: either every one of them is in its new place, or none is."""
        real, new = Address.configured(), Address.parsed(place.address)
        kept = f"{real.name}_before_{clock.now():%Y%m%d%H%M%S}"
        with real.opened() as cursor, new.opened() as there:
            _create(cursor, kept)
            moves = [
                f"{_quoted(real.name)}.{_quoted(each)} TO {_quoted(kept)}.{_quoted(each)}"
                for each in _names(cursor)
            ]
            moves += [
                f"{_quoted(new.name)}.{_quoted(each)} TO {_quoted(real.name)}.{_quoted(each)}"
                for each in _names(there)
            ]
            cursor.execute("SET SESSION foreign_key_checks = 0")
            cursor.execute(f"RENAME TABLE {', '.join(moves)}")
        return f"the database {kept}"

    @contextmanager
    def filling(self, place: Place) -> Iterator[Any]:
        address = Address.parsed(place.address)
        with address.options() as options, tempfile.TemporaryFile() as complaints:
            command = [
                program("mariadb", "mariadb-client"),
                options,
                "--default-character-set=utf8mb4",
                address.name,
            ]
            client = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=complaints)
            try:
                with suppress(BrokenPipeError):
                    yield client.stdin
                with suppress(BrokenPipeError):
                    client.communicate()
            finally:
                if client.poll() is None:
                    client.kill()
                client.wait()
            if client.returncode:
                complaints.seek(0)
                raise EngineFailed(
                    f"MariaDB did not take it: {complaints.read().decode(errors='replace')[-300:]}"
                )

    def follow(self, spool: Path, reached: Reached | None) -> Follower:
        return BinlogFollower(Address.configured(), spool, reached)

    def hold(self) -> Hold:
        return KeptByServer()

    def replay(self, place: Place, position: Position, log: Log) -> None:
        binlog.replay(
            log, after=position.gtid, live=Address.configured().name, into=Address.parsed(place.address)
        )

    def tables_of(self, place: Place) -> tuple[Table, ...]:
        with Address.parsed(place.address).opened() as cursor:
            return _tables(cursor)

    def damage_of(self, place: Place) -> str:
        with Address.parsed(place.address).opened() as cursor:
            names = ", ".join(map(_quoted, _names(cursor)))
            cursor.execute(f"CHECK TABLE {names}")
            wrong = [row for row in cursor.fetchall() if row[2] == "error"]
        return f"{wrong[0][0]}: {wrong[0][3]}" if wrong else ""


def _lock(cursor: Any, names: list[str]) -> None:
    """Lock all tables for reading, not letting writers queue up behind a wait of more than some seconds."""
    import MySQLdb

    cursor.execute("SET SESSION lock_wait_timeout = %s", [LOCK_SECONDS])
    statement = "LOCK TABLES " + ", ".join(f"{_quoted(name)} READ" for name in names)
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            cursor.execute(statement)
        except MySQLdb.OperationalError:
            if attempt == LOCK_ATTEMPTS:
                raise
            time.sleep(attempt)
        else:
            return


def _others(cursor: Any, name: str) -> int:
    """Count who else is connected; the server takes a moment to notice that somebody left."""
    cursor.execute(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = %s AND id <> CONNECTION_ID()", [name]
    )
    return int(cursor.fetchall()[0][0])


def _names(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return [row[0] for row in cursor.fetchall()]


def _tables(cursor: Any) -> tuple[Table, ...]:
    return tuple(_table(cursor, name) for name in _names(cursor))


def _table(cursor: Any, name: str) -> Table:
    """Digest a table on the server: the rows are hashed one by one, and their hashes added without carry."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name = %s ORDER BY ordinal_position",
        [name],
    )
    columns = [_quoted(row[0]) for row in cursor.fetchall()]
    parts = ", ".join(
        f"IFNULL(CONCAT(LENGTH(CAST({each} AS BINARY)), ':', CAST({each} AS BINARY)), '~')"
        for each in columns
    )
    halves = ", ".join(
        f"HEX(BIT_XOR(CAST(CONV(SUBSTRING(h, {start}, 16), 16, 10) AS UNSIGNED)))"
        for start in (1, 17, 33, 49)
    )
    cursor.execute(
        f"SELECT COUNT(*), {halves} FROM (SELECT SHA2(CONCAT_WS(',', {parts}), 256) AS h FROM {_quoted(name)}) AS hashed"  # noqa: S608 - quoted names
    )
    [(rows, *values)] = cursor.fetchall()
    shown = hashlib.sha256(", ".join([*columns, *values]).encode()).hexdigest()
    return Table(name, rows, shown)


def _schema(cursor: Any) -> str:
    digest = hashlib.sha256()
    for name in _names(cursor):
        cursor.execute(f"SHOW CREATE TABLE {_quoted(name)}")
        digest.update(re.sub(r" AUTO_INCREMENT=\d+", "", cursor.fetchall()[0][1]).encode())
    return digest.hexdigest()


def _migrations(cursor: Any) -> tuple[str, ...]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return tuple(f"{app}.{name}" for app, name in cursor.fetchall())


def _position(cursor: Any) -> Position:
    """Return where the log of the server stands; empty when it keeps none or does not tell us."""
    cursor.execute("SELECT @@GLOBAL.log_bin, @@GLOBAL.gtid_binlog_pos")
    [(is_logging, gtid)] = cursor.fetchall()
    return Position(gtid=gtid or "") if is_logging else Position()


def _version(cursor: Any) -> str:
    cursor.execute("SELECT VERSION()")
    return str(cursor.fetchall()[0][0]).split("-")[0]


def _create(cursor: Any, name: str) -> None:
    cursor.execute(f"CREATE DATABASE {_quoted(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
