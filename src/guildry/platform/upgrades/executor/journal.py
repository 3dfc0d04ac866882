"""Writing down what is about to happen and what has happened, so that whoever comes after a crash knows both."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from guildry.kernel import clock
from guildry.kernel.stepwise import Phase, declared
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.executor import fingerprints
from guildry.platform.upgrades.models import LONGEST_ERROR, LONGEST_LABEL, Change, Step
from guildry.platform.upgrades.rules import Direction, Kind, Status

OWN = ("upgrades", "0001_initial")
EVERYTHING = "*"
_watchers: list[Callable[[str], None]] = []


@contextmanager
def watching(watcher: Callable[[str], None]) -> Iterator[None]:
    """Have a function called at every point where a crash would matter; that is where tests make one happen."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def reached(point: str) -> None:
    for watcher in _watchers:
        watcher(point)


def begin(executor: Any) -> None:
    """Make the tables of the journal where they are missing, each with one statement, and tell Django."""
    executor.recorder.ensure_schema()
    if OWN in executor.loader.applied_migrations:
        return
    state = executor.loader.project_state([OWN])
    existing = set(connection.introspection.table_names())
    for name in ("change", "step"):
        model = state.apps.get_model("upgrades", name)
        if model._meta.db_table not in existing:
            reached(f"before {model._meta.db_table}")
            with connection.schema_editor() as editor:
                editor.create_model(model)
            reached(f"after {model._meta.db_table}")
    with transaction.atomic():
        change = open_change(executor.loader.disk_migrations[OWN], Direction.FORWARD)
        finish_change(change, lambda: executor.recorder.record_applied(*OWN))
    executor.loader.build_graph()


def open_change(migration: Any, direction: Direction, restore_point: str = "") -> Change:
    """Return the change of a migration that was begun before, or a new one."""
    found = (
        Change.objects.filter(app=migration.app_label, name=migration.name, direction=direction)
        .exclude(status=Status.DONE)
        .order_by("-id")
        .first()
    )
    if found is None:
        return Change.objects.create(
            app=migration.app_label, name=migration.name, direction=direction, phase=declared(migration).phase,
            status=Status.STARTED, opened_at=clock.now(), restore_point=restore_point,
        )  # fmt: skip
    if found.status != Status.STARTED:
        rules.CHANGES.check(Status(found.status), Status.STARTED)
        _forget_plans(found)
        Change.objects.filter(pk=found.pk).update(status=Status.STARTED, error="")
        found.status, found.error = Status.STARTED, ""
    return found


def _forget_plans(change: Change) -> None:
    """Let what failed before it did anything be planned anew, for whoever mended the cause may have mended its statements."""
    positions: dict[int, list[Step]] = {}
    for step in Step.objects.filter(change_id=change.pk).order_by("statement"):
        positions.setdefault(step.position, []).append(step)
    for position, steps in positions.items():
        if all(_did_nothing(step) for step in steps):
            Step.objects.filter(change_id=change.pk, position=position).delete()


def _did_nothing(step: Step) -> bool:
    if step.status == Status.STARTED and step.kind == Kind.SCHEMA:
        return step.before == fingerprints.of_tables(connection, step.sql)
    return step.status != Status.DONE and step.kind != Kind.BACKFILL


def finish_change(change: Change, record: Callable[[], None]) -> None:
    """Say in one transaction that a change is done and what Django shall know of it."""
    with transaction.atomic():
        record()
        _close(change)
        reached(f"recording {change.app}.{change.name}")
    reached(f"recorded {change.app}.{change.name}")


def _close(change: Change) -> None:
    rules.CHANGES.check(Status(change.status), Status.DONE)
    change.status, change.done_at = Status.DONE, clock.now()
    Change.objects.filter(pk=change.pk).update(status=change.status, done_at=change.done_at, error="")


def note_layout(began: datetime) -> None:
    """Write down that an empty database got everything at once."""
    Change.objects.create(
        app=EVERYTHING, name="layout", direction=Direction.FORWARD, phase=Phase.EXPAND, status=Status.DONE,
        opened_at=began, done_at=clock.now(),
    )  # fmt: skip


def note_failure(migration: Any, direction: Direction, error: BaseException) -> None:
    """Leave the reason with the change, which stays open."""
    change = open_change(migration, direction)
    text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    Change.objects.filter(pk=change.pk).update(status=Status.FAILED, error=text)


def unsettled() -> bool:
    return Change.objects.filter(status=Status.DONE, is_settled=False).exists()


def settle() -> None:
    Change.objects.filter(status=Status.DONE, is_settled=False).update(is_settled=True)


def steps_of(change: Change, position: int) -> list[Step]:
    return list(Step.objects.filter(change_id=change.pk, position=position).order_by("statement"))


def plan(change: Change, position: int, label: str, entries: Sequence[tuple[Kind, str]]) -> list[Step]:
    """Store the statements of one operation, all or none; whoever resumes runs these and no others."""
    steps = [
        Step(
            change_id=change.pk, position=position, statement=number, kind=kind, label=label[:LONGEST_LABEL], sql=sql,
            digest=rules.digest_of(sql), status=Status.DONE if kind == Kind.NOTHING else Status.PLANNED,
            done_at=clock.now() if kind == Kind.NOTHING else None,
        )
        for number, (kind, sql) in enumerate(entries)
    ]  # fmt: skip
    with transaction.atomic():
        Step.objects.bulk_create(steps)
        reached(f"planning {steps[0]}")
    reached(f"planned {steps[0]}")
    return steps_of(change, position)


def start(step: Step, before: str = "") -> None:
    step.status, step.before, step.started_at = Status.STARTED, before, clock.now()
    Step.objects.filter(pk=step.pk).update(
        status=step.status, before=before, started_at=step.started_at, lock_class=step.lock_class
    )
    reached(f"started {step}")


def finish(step: Step, after: str = "", rows: int = 0) -> None:
    """Write down that a step is done, in which way, and how many rows it went through."""
    step.status, step.after, step.done_at, step.rows = Status.DONE, after, clock.now(), step.rows or rows
    Step.objects.filter(pk=step.pk).update(
        status=step.status, after=after, done_at=step.done_at, rows=step.rows, lock_class=step.lock_class,
        started_at=step.started_at,
    )  # fmt: skip


def advance(step: Step, cursor: str, rows: int) -> None:
    """Say how far a backfill got; the caller holds the transaction of the chunk."""
    step.cursor, step.rows = cursor, step.rows + rows
    Step.objects.filter(pk=step.pk).update(cursor=cursor, rows=step.rows)


def is_paused(step: Step) -> bool:
    return Step.objects.filter(pk=step.pk, is_paused=True).exists()
