"""How a statement is carried out: in the way that disturbs others least, of those the database takes it in."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError

from guildry.platform.upgrades import rules
from guildry.platform.upgrades.executor import fingerprints
from guildry.platform.upgrades.rules import LockClass

TRIED = (LockClass.INSTANT, LockClass.NOCOPY, LockClass.INPLACE)
HEAVY = frozenset({LockClass.NOCOPY, LockClass.INPLACE, LockClass.COPY})


def carry_out(connection: Any, sql: str, ask: Callable[[str], None]) -> LockClass:
    """Have `ask` run a statement and return its class; one that MariaDB refuses in a way did nothing in that way."""
    if connection.vendor == "sqlite":
        ask(sql)
        return rules.class_on_sqlite(sql)
    found = rules.evident_class(sql)
    if found is not None:
        ask(sql)
        return found
    for lock_class in TRIED:
        try:
            ask(rules.with_algorithm(sql, lock_class))
        except DatabaseError as error:
            if error.args[0] not in rules.NOT_THIS_WAY:
                raise
        else:
            return lock_class
    ask(sql)
    return LockClass.COPY


def weight(connection: Any, sql: str) -> tuple[int, int]:
    """Return how many rows the largest table that a statement names has, about, and how many bytes, where that is known."""
    names = rules.names_in(sql, fingerprints.tables_of(connection))
    if not names:
        return 0, 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            quoted = [connection.ops.quote_name(name) for name in names]
            each = [f"SELECT MAX(rowid) FROM {name}" for name in quoted]  # noqa: S608  a name of ours, quoted
            cursor.execute(" UNION ALL ".join(each))
            return max(int(row[0] or 0) for row in cursor.fetchall()), 0
        cursor.execute(
            "SELECT MAX(table_rows), MAX(data_length + index_length) FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_name IN %s",
            [tuple(names)],
        )
        rows, size = cursor.fetchone()
    return int(rows or 0), int(size or 0)
