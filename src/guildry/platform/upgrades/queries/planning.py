"""What is due, statement by statement, with what the database itself says each does to those who use the table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from guildry.platform.upgrades import rules
from guildry.platform.upgrades.executor import fingerprints, operations
from guildry.platform.upgrades.executor.shadows import shadow_of
from guildry.platform.upgrades.queries.plans import split, state_now
from guildry.platform.upgrades.queries.readiness import Check, preflight
from guildry.platform.upgrades.rules import Kind, LockClass

TRIED = (LockClass.INSTANT, LockClass.NOCOPY, LockClass.INPLACE)


@dataclass(frozen=True)
class Statement:
    """One statement that is due; `rows` and `size` are those of the largest table that it works through."""

    migration: str
    label: str
    sql: str
    lock_class: LockClass
    rows: int = 0
    size: int = 0


@dataclass(frozen=True)
class Plan:
    """Everything that is due, what waits and why, and what preflight found; `trouble` is why classes are unknown."""

    statements: list[Statement] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    trouble: str = ""


def plan() -> Plan:
    """Try what is due on an empty copy of the tables; the real ones are only read."""
    executor = MigrationExecutor(connection)
    found = split(executor)
    waiting = [(str(migration), reason) for migration, reason in found.waiting]
    if not found.due:
        return Plan(waiting=waiting)
    state = state_now(executor)
    try:
        with shadow_of(connection) as shadow:
            tried = [each for migration in found.due for each in _tried(migration, state, shadow)]
    except DatabaseError as error:
        described = [
            Statement(str(migration), str(operation.describe()), "", LockClass.UNKNOWN)
            for migration in found.due
            for operation in migration.operations
        ]
        trouble = f"No empty copy of the tables could be made or changed: {error}"
        return Plan(described, waiting, preflight(), trouble)
    return Plan(tried, waiting, preflight())


def _tried(migration: Any, state: Any, shadow: Any) -> Iterator[Statement]:
    for move in operations.forwards(migration, state):
        if move.kind in (Kind.DATA, Kind.BACKFILL):
            yield Statement(str(migration), move.label, "", LockClass.ROWS)
            continue
        for kind, sql in move.statements(shadow):
            if kind == Kind.NOTHING:
                continue
            lock_class = _class_of(sql, shadow)
            rows, size = _weight(sql) if lock_class in (*TRIED[1:], LockClass.COPY) else (0, 0)
            yield Statement(str(migration), move.label, sql, lock_class, rows, size)


def _class_of(sql: str, shadow: Any) -> LockClass:
    """Run a statement on the shadow in the least intrusive way the database lets it, and return that way."""
    found = rules.evident_class(sql) if shadow.vendor == "mysql" else rules.class_on_sqlite(sql)
    with shadow.cursor() as cursor:
        if found is not None:
            cursor.execute(sql)
            return found
        for lock_class in TRIED:
            try:
                cursor.execute(rules.with_algorithm(sql, lock_class))
            except DatabaseError as error:
                if error.args[0] not in rules.NOT_THIS_WAY:
                    raise
            else:
                return lock_class
        cursor.execute(sql)
    return LockClass.COPY


def _weight(sql: str) -> tuple[int, int]:
    names = rules.names_in(sql, fingerprints.tables_of(connection))
    if not names or connection.vendor != "mysql":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT MAX(table_rows), MAX(data_length + index_length) FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_name IN %s",
            [tuple(names)],
        )
        rows, size = cursor.fetchone()
    return int(rows or 0), int(size or 0)
