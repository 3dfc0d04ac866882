"""What is due or waits, statement by statement, with what the database itself says each does to those who use the table."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from guildry.platform.upgrades import rules
from guildry.platform.upgrades.executor import classes, operations
from guildry.platform.upgrades.executor.shadows import shadow_of
from guildry.platform.upgrades.models import Step
from guildry.platform.upgrades.queries.plans import Split, split, state_now
from guildry.platform.upgrades.queries.readiness import Check, preflight
from guildry.platform.upgrades.rules import Kind, LockClass

SAMPLED = 50


@dataclass(frozen=True)
class Statement:
    """One statement that is due; `rows` and `size` are those of the largest table that it works through.

    `seconds` is how long that took this installation so far, for as many rows; None where it never did the like.
    """

    migration: str
    label: str
    sql: str
    lock_class: LockClass
    rows: int = 0
    size: int = 0
    seconds: float | None = None
    is_waiting: bool = False


@dataclass(frozen=True)
class Plan:
    """Everything that is due, what waits and why, and what preflight found; `trouble` is why classes are unknown."""

    statements: list[Statement] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    trouble: str = ""


_tried_before: dict[tuple[str, ...], list[Statement]] = {}


def plan() -> Plan:
    """Try what is due on an empty copy of the tables; the real ones are only read."""
    return _plan(fresh=True)


def plan_shown() -> Plan:
    """Return the plan for a page that is asked for often: what was tried once is not tried again."""
    return _plan(fresh=False)


def _plan(*, fresh: bool) -> Plan:
    executor = MigrationExecutor(connection)
    found = split(executor)
    waiting = [(str(migration), reason) for migration, reason in found.waiting]
    if not (found.due or waiting):
        return Plan()
    if fresh:
        _tried_before.clear()
    try:
        statements = _statements(executor, found)
    except DatabaseError as error:
        described = [
            Statement(str(migration), str(operation.describe()), "", LockClass.UNKNOWN)
            for migration in _in_order(executor, found)
            for operation in migration.operations
        ]
        trouble = f"No empty copy of the tables could be made or changed: {error}"
        return Plan(_marked(described, waiting), waiting, preflight(), trouble)
    rate = rows_a_second()
    weighed = [_weighed(each, rate) for each in statements]
    return Plan(_marked(weighed, waiting), waiting, preflight())


def _statements(executor: MigrationExecutor, found: Split) -> list[Statement]:
    key = tuple(str(migration) for migration in _in_order(executor, found))
    if key not in _tried_before:
        state = state_now(executor)
        with shadow_of(connection) as shadow:
            tried = [
                each for migration in _in_order(executor, found) for each in _tried(migration, state, shadow)
            ]
        _tried_before.clear()
        _tried_before[key] = tried
    return _tried_before[key]


def _in_order(executor: MigrationExecutor, found: Split) -> list[Any]:
    """Return what is due and what waits in the order in which they follow each other."""
    wanted = {*found.due, *(migration for migration, _ in found.waiting)}
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _ in plan if migration in wanted]


def _marked(statements: list[Statement], waiting: list[tuple[str, str]]) -> list[Statement]:
    names = {name for name, _ in waiting}
    return [replace(each, is_waiting=each.migration in names) for each in statements]


def _tried(migration: Any, state: Any, shadow: Any) -> Iterator[Statement]:
    for move in operations.forwards(migration, state):
        if move.kind in (Kind.DATA, Kind.BACKFILL):
            yield Statement(str(migration), move.label, "", LockClass.ROWS)
            continue
        for kind, sql in move.statements(shadow):
            if kind != Kind.NOTHING:
                yield Statement(str(migration), move.label, sql, _class_of(sql, shadow))


def _class_of(sql: str, shadow: Any) -> LockClass:
    """Run a statement on the shadow in the least intrusive way the database lets it, and return that way."""
    with shadow.cursor() as cursor:
        return classes.carry_out(shadow, sql, cursor.execute)


def _weighed(statement: Statement, rate: float | None) -> Statement:
    if statement.lock_class not in classes.HEAVY:
        return statement
    rows, size = classes.weight(connection, statement.sql)
    return replace(statement, rows=rows, size=size, seconds=rows / rate if rate else None)


def rows_a_second() -> float | None:
    """Return how fast this installation rebuilt tables so far, by its own journal; None where it never did."""
    rebuilt = Step.objects.filter(lock_class__in=classes.HEAVY, rows__gte=rules.TELLING_ROWS)
    measured = rebuilt.exclude(started_at=None).exclude(done_at=None).order_by("-pk")[:SAMPLED]
    return rules.rate(
        (step.rows, (step.done_at - step.started_at).total_seconds())
        for step in measured
        if step.done_at and step.started_at
    )
