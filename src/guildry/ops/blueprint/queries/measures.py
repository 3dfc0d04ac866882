"""What only the database knows: about how many rows each table has, and whether tables are made as they should be."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

from guildry.platform.upgrades import queries as upgrades
from guildry.platform.upgrades.queries import Difference

T = TypeVar("T")
KEPT_FOR = 60.0
_kept: dict[str, tuple[float, Any]] = {}


@dataclass(frozen=True)
class Measures:
    """What was read a moment ago: rows by table, and every difference between the tables and this release."""

    rows: dict[str, int]
    drift: list[Difference]


def forget() -> None:
    """Have everything read anew."""
    _kept.clear()


def _lately(name: str, read: Callable[[], T]) -> T:
    """Return what was read in the last minute, or read it."""
    now = time.monotonic()
    at, value = _kept.get(name, (-KEPT_FOR, None))
    if now - at >= KEPT_FOR:
        value = read()
        _kept[name] = (now, value)
    result: T = value
    return result


def row_counts() -> dict[str, int]:
    """Return about how many rows each table has, without counting any: the highest key, or what the server estimates."""
    return _lately("rows", _of_sqlite if connection.vendor == "sqlite" else _of_server)


def drift_now() -> list[Difference]:
    """Return where the tables are made otherwise than this release wants them."""
    return _lately("drift", upgrades.drift_of_code)


def _of_sqlite() -> dict[str, int]:
    names = sorted(connection.introspection.table_names())
    quote = connection.ops.quote_name
    each = [f"SELECT MAX(rowid) FROM {quote(name)}" for name in names]  # noqa: S608  a name the database gave, quoted
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name, sql in zip(names, each, strict=True):
            cursor.execute(sql)
            found[name] = int(cursor.fetchone()[0] or 0)
    return found


def _of_server() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, table_rows FROM information_schema.tables WHERE table_schema = DATABASE()"
        )
        return {name: int(rows or 0) for name, rows in cursor.fetchall()}
