"""Carrying out migrations so that a crash at any moment loses nothing and repeats nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.migrations.operations.base import Operation

from guildry.kernel import clock
from guildry.kernel.stepwise import declared
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.executor import classes, fingerprints, journal, operations
from guildry.platform.upgrades.executor.operations import Move
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.rules import Direction, Kind, LockClass, Status

LOCK_WAIT_TIMEOUT, DEADLOCK = 1205, 1213
ATTEMPTS, BETWEEN_ATTEMPTS = 24, 0.5


class Paused(Exception):
    """Somebody asked a backfill to rest; what it did is kept."""


class HiddenStatement(RuntimeError):
    """A function of a migration changes tables, which no transaction could take back."""


class VerificationFailed(RuntimeError):
    """What a migration says must hold afterwards does not."""


def forward(executor: Any, migration: Any, state: Any, restore_point: str = "") -> None:
    """Carry out a migration, or what is left of it; `state` becomes the one after it."""
    if _is_one_transaction(migration):
        _whole(
            migration,
            Direction.FORWARD,
            lambda: operations.forwards(migration, state),
            executor,
            restore_point,
        )
        return
    change = journal.open_change(migration, Direction.FORWARD, restore_point)
    for move in operations.forwards(migration, state):
        _operate(change, move, migration)
    _verify(migration, state)
    journal.finish_change(change, lambda: executor.record_migration(migration))


def backward(executor: Any, migration: Any, state: Any) -> None:
    """Undo a migration, or what is left to undo; `state` is the one before it."""
    moves = operations.backwards(migration, state)
    if _is_one_transaction(migration):
        _whole(migration, Direction.BACKWARD, lambda: iter(moves), executor)
        return
    change = journal.open_change(migration, Direction.BACKWARD)
    for move in moves:
        _operate(change, move, migration)
    journal.finish_change(change, lambda: _forget(executor, migration))


def _forget(executor: Any, migration: Any) -> None:
    for app, name in migration.replaces or ():
        executor.recorder.record_unapplied(app, name)
    executor.recorder.record_unapplied(migration.app_label, migration.name)


def _is_one_transaction(migration: Any) -> bool:
    """Tell whether the database takes back everything a migration did, and the migration lets it."""
    has_chunks = any(move_kind(operation) == Kind.BACKFILL for operation in migration.operations)
    return connection.features.can_rollback_ddl and migration.atomic and not has_chunks


def move_kind(operation: Operation) -> Kind:
    return Move(0, operation, "", None, None, Direction.FORWARD).kind


def _whole(
    migration: Any,
    direction: Direction,
    moves: Callable[[], Iterator[Move]],
    executor: Any,
    restore_point: str = "",
) -> None:
    with connection.schema_editor(atomic=True) as editor:
        change = journal.open_change(migration, direction, restore_point)
        journal.reached(f"opened {change}")
        last = None
        for last in moves():
            entries: list[tuple[Kind, str]] = []
            began = clock.now()
            with connection.execute_wrapper(_remember(entries)):
                last.run(editor)
                _run_deferred(editor)
            for step in journal.plan(change, last.position, last.label, entries or [(last.kind, "")]):
                step.lock_class, step.started_at = _class_of(step), began
                journal.finish(step, rows=_rows_of(step))
        if direction == Direction.FORWARD and last:
            _verify(migration, last.after)
        record = executor.record_migration if direction == Direction.FORWARD else None
        journal.finish_change(change, lambda: record(migration) if record else _forget(executor, migration))
    journal.reached(f"committed {change}")


def _class_of(step: Step) -> LockClass:
    """Return the class of a step that SQLite has carried out."""
    return rules.class_on_sqlite(step.sql) if step.sql else LockClass.ROWS


def _rows_of(step: Step) -> int:
    return classes.weight(connection, step.sql)[0] if step.lock_class in classes.HEAVY else 0


def _run_deferred(editor: Any) -> None:
    for sql in editor.deferred_sql:
        editor.execute(sql, None)
    editor.deferred_sql.clear()


def _remember(entries: list[tuple[Kind, str]]) -> Any:
    def wrapper(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if rules.is_about_tables(sql):
            entries.append((Kind.SCHEMA, sql))
        return execute(sql, parameters, many, context)

    return wrapper


def _operate(change: Change, move: Move, migration: Any) -> None:
    """Carry out one operation by itself."""
    if move.kind == Kind.BACKFILL:
        _fill(_only_step(change, move), move)
    elif connection.features.can_rollback_ddl:
        _in_one_transaction(_only_step(change, move), move, migration)
    elif move.kind == Kind.DATA:
        _compute(_only_step(change, move), move)
    else:
        steps = journal.steps_of(change, move.position)
        steps = steps or journal.plan(change, move.position, move.label, move.statements(connection))
        for step in steps:
            _execute(step)


def _only_step(change: Change, move: Move) -> Step:
    steps = journal.steps_of(change, move.position)
    return (steps or journal.plan(change, move.position, move.label, [(move.kind, "")]))[0]


def _execute(step: Step) -> None:
    """Run a stored statement exactly once: what a crash cut off either happened as a whole or not at all."""
    if step.status == Status.DONE:
        return
    if step.kind == Kind.ROWS:
        step.lock_class, step.started_at = LockClass.ROWS, clock.now()
        with transaction.atomic():
            _ask(step.sql)
            journal.finish(step)
            journal.reached(f"executed {step}")
        journal.reached(f"finished {step}")
        return
    now = fingerprints.of_tables(connection, step.sql)
    if not rules.had_completed(step.status, step.before, now):
        journal.start(step, before=now)
        step.lock_class = classes.carry_out(connection, step.sql, _patiently)
        journal.reached(f"executed {step}")
        now = fingerprints.of_tables(connection, step.sql)
    journal.finish(step, after=now, rows=_rows_of(step))
    journal.reached(f"finished {step}")


def _patiently(sql: str) -> None:
    """Try again while somebody else uses the table: those behind us in the queue get through in between."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _ask(sql)
        except OperationalError as error:
            if error.args[0] not in (LOCK_WAIT_TIMEOUT, DEADLOCK) or attempt == ATTEMPTS:
                raise
        time.sleep(BETWEEN_ATTEMPTS)
    return None


def _ask(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _compute(step: Step, move: Move) -> None:
    """Run a function in the transaction that says it ran, so it runs exactly once."""
    if step.status == Status.DONE:
        return
    journal.start(step)
    with connection.schema_editor(atomic=False) as editor, transaction.atomic():
        with connection.execute_wrapper(_refuse_tables):
            move.run(editor)
        step.lock_class = LockClass.ROWS
        journal.finish(step)
        journal.reached(f"executed {step}")
    journal.reached(f"finished {step}")


def _refuse_tables(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
    if rules.is_about_tables(sql):
        raise HiddenStatement(
            f"A function of a migration must not change tables, but this one would: {sql[:200]}"
        )
    return execute(sql, parameters, many, context)


def _in_one_transaction(step: Step, move: Move, migration: Any) -> None:
    """Run an operation of a migration that is not one transaction itself; one that refuses any may run twice."""
    if step.status == Status.DONE:
        return
    journal.start(step)
    wants_none = move.operation.atomic is False or (
        not migration.atomic and move.kind == Kind.DATA and not move.operation.atomic
    )
    with connection.schema_editor(atomic=not wants_none) as editor:
        move.run(editor)
        _run_deferred(editor)
        step.lock_class = LockClass.ROWS if move.kind == Kind.DATA else LockClass.UNKNOWN
        journal.finish(step)
        journal.reached(f"executed {step}")
    journal.reached(f"finished {step}")


def _fill(step: Step, move: Move) -> None:
    """Work through a table chunk by chunk; raises Paused between two chunks when somebody asks for a rest."""
    if step.status == Status.DONE:
        return
    step.lock_class = LockClass.ROWS
    if step.status != Status.STARTED:
        journal.start(step)
    backfill = move.operation
    work = backfill.work if move.direction == Direction.FORWARD else backfill.undo
    while work and step.status != Status.DONE:
        if journal.is_paused(step):
            raise Paused(f"{step.label} rests after {step.rows:,} rows.")
        with transaction.atomic():
            progress = backfill.advance(move.app, connection, move.before.apps, step.cursor, work)
            journal.advance(step, progress.cursor or "", progress.rows)
            if progress.cursor is None:
                journal.finish(step)
            journal.reached(f"filling {step} {step.rows}")
        journal.reached(f"filled {step} {step.rows}")
        _rest()
    if not work:
        journal.finish(step)


def _rest() -> None:
    """Leave a busy server a little air between two chunks."""
    if connection.vendor == "sqlite":
        time.sleep(0)
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Threads_running'")
        running = int(cursor.fetchone()[1])
    time.sleep(min(1.0, 0.02 * max(0, running - 4)))


def _verify(migration: Any, state: Any) -> None:
    for hook in declared(migration).verify:
        try:
            hook(state.apps, connection)
        except Exception as error:
            raise VerificationFailed(f"{migration} did what it says, but {error}") from error


@contextmanager
def noting_failures(migration: Any, direction: Direction) -> Iterator[None]:
    """Leave in the journal why a change stopped."""
    try:
        yield
    except Paused:
        raise
    except Exception as error:
        if connection.is_usable():
            journal.note_failure(migration, direction, error)
        raise
