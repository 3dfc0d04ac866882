"""What should be true before the schema of a database with data in it is changed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from guildry.kernel import clock
from guildry.kernel.points import RESTORE_POINTS
from guildry.kernel.safety import RestorePoint
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.rules import Verdict

FRESH = timedelta(hours=24)
LONG_TRANSACTION = 30
HERE = ("", "localhost", "127.0.0.1", "::1")
OLDEST_MARIADB, OLDEST_MYSQL = (10, 6, 1), (8, 0)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; what could not be looked at is unknown, which is not the same as good."""

    name: str
    verdict: Verdict
    detail: str


def restore_point() -> tuple[RestorePoint | None, str]:
    """Return the newest proven state to go back to that is fresh, or None and why there is none."""
    if not len(RESTORE_POINTS):
        return None, "nothing here keeps copies of the data to go back to"
    found, trouble = [], ""
    for keeper in RESTORE_POINTS:
        try:
            point = keeper.newest()
        except DatabaseError as error:
            trouble = f"{keeper.key} cannot be asked: {error}"
        else:
            found += [point] if point else []
    newest = max(found, key=lambda point: point.at, default=None)
    if newest is None:
        return None, trouble or "no copy of the data was made and proven yet"
    if newest.at < clock.now() - FRESH:
        return (
            None,
            f"the newest proven copy of the data, {newest.name}, is of {newest.at:%Y-%m-%d %H:%M} UTC",
        )
    return newest, ""


def preflight() -> list[Check]:
    """Look at everything; nothing is changed and nothing waits."""
    engine = _on_file if connection.vendor == "sqlite" else _on_server
    return [_copy_of_data(), *engine()]


def _copy_of_data() -> Check:
    point, trouble = restore_point()
    if point is None:
        return Check("restore point", Verdict.FAIL, trouble)
    return Check("restore point", Verdict.PASS, f"{point.name} of {point.at:%Y-%m-%d %H:%M} UTC")


def _on_file() -> Iterator[Check]:
    file_database: Any = connection
    if file_database.is_in_memory_db():
        yield Check("disk", Verdict.PASS, "the database is in memory")
        return
    file = Path(str(connection.settings_dict["NAME"]))
    yield _room(file.parent, file.stat().st_size, "the database")


def _room(folder: Path, size: int, what: str) -> Check:
    free = shutil.disk_usage(folder).free
    detail = f"{_megabytes(free)} free, {what} has {_megabytes(size)}"
    return Check("disk", Verdict.PASS if rules.has_room(free, size) else Verdict.FAIL, detail)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _on_server() -> Iterator[Check]:
    for name, look in (
        ("atomic statements", _atomic_statements),
        ("disk", _room_on_server),
        ("long transactions", _long_transactions),
        ("replication", _replication),
    ):
        yield _looked(name, look)


def _looked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (DatabaseError, OSError) as error:
        return Check(name, Verdict.UNKNOWN, f"this cannot be seen from here: {error}")


def _atomic_statements() -> Check:
    server: Any = connection
    oldest = OLDEST_MARIADB if server.mysql_is_mariadb else OLDEST_MYSQL
    name = f"{connection.display_name} {'.'.join(map(str, server.mysql_version))}"
    if server.mysql_version >= oldest:
        return Check("atomic statements", Verdict.PASS, f"{name} finishes a statement or takes it back")
    return Check("atomic statements", Verdict.FAIL, f"{name} can leave half a statement behind after a crash")


def _room_on_server() -> Check:
    if (connection.settings_dict["HOST"] or "") not in HERE:
        return Check("disk", Verdict.UNKNOWN, "the disk of the server cannot be seen from here")
    folder = Path(str(_one("SELECT @@datadir")[0]))
    name, size = _one(
        "SELECT table_name, data_length + index_length FROM information_schema.tables "
        "WHERE table_schema = DATABASE() ORDER BY 2 DESC LIMIT 1"
    )
    return _room(folder, int(size or 0), f"the largest table, {name},")


def _long_transactions() -> Check:
    count, longest = _one(
        "SELECT COUNT(*), MAX(TIMESTAMPDIFF(SECOND, trx_started, NOW())) FROM information_schema.innodb_trx "
        "WHERE trx_started < NOW() - INTERVAL %s SECOND",
        LONG_TRANSACTION,
    )
    if not count:
        return Check("long transactions", Verdict.PASS, f"none is older than {LONG_TRANSACTION} s")
    return Check("long transactions", Verdict.FAIL, f"{count} are open, the oldest for {longest} s")


def _replication() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SHOW ALL SLAVES STATUS" if _is_mariadb() else "SHOW REPLICA STATUS")
        columns = [column[0].lower().replace("replica", "slave") for column in cursor.description]
        sources = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    stopped = [
        source
        for source in sources
        if (source["slave_io_running"], source["slave_sql_running"]) != ("Yes", "Yes")
    ]
    if stopped:
        return Check("replication", Verdict.FAIL, f"{len(stopped)} of {len(sources)} sources have stopped")
    return Check("replication", Verdict.PASS, f"{len(sources)} sources, none has stopped")


def _is_mariadb() -> bool:
    server: Any = connection
    return bool(server.mysql_is_mariadb)


def _one(sql: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return tuple(cursor.fetchone() or ("", 0))
