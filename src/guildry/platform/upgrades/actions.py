"""Bringing the schema to where this release needs it, and back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import structlog
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from guildry.kernel import bus, clock, errors, permissions
from guildry.kernel.permissions import Actor
from guildry.platform.upgrades import queries
from guildry.platform.upgrades.events import BackfillsPaused, BackfillsResumed, RollbackOrdered
from guildry.platform.upgrades.executor import journal, running
from guildry.platform.upgrades.executor.locking import alone
from guildry.platform.upgrades.models import LONGEST_POINT, Step
from guildry.platform.upgrades.rules import Direction, Kind, Status, Verdict

log = structlog.get_logger("guildry.upgrades")
PATIENCE = 600.0


@dataclass
class Outcome:
    """What a run did: the migrations it carried out, and those that wait, each with the reason."""

    done: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    is_laid_out: bool = False


class Unprepared(errors.Conflict):
    problem = errors.problem(
        "migration-unprepared", 409, "Not everything is ready for a change of the schema"
    )
    detail = "Look at what guildry migrate plan says before the change."


class WouldLose(errors.Conflict):
    problem = errors.problem("rollback-loses-data", 409, "Undoing that loses data")
    detail = "Undoing that loses data. Go back to the copy made before it."


class Backup(StrEnum):
    """What a run wants of a proven copy of the data: one for everything, one before it contracts, or none."""

    FOR_EVERYTHING = "everything"
    FOR_CONTRACTING = "contracting"
    NONE = "none"


def bring_up_to_date(
    actor: Actor, *, wait: float = PATIENCE, backup: Backup = Backup.FOR_CONTRACTING
) -> Outcome:
    """Carry out whatever waits; of several processes that start together one does it and the others wait for it.

    The start of a process goes on without a copy of the data, since what it carries out can be undone; it leaves what
    contracts. Raises Unprepared when a copy is wanted for everything and something is not ready, Busy when another one does not finish in time, Paused when a backfill rests, and whatever the database says.
    """
    permissions.require(actor, "migrations.run")
    if _is_all_done():
        return Outcome()
    with alone(connection, wait=wait, waiting=_say_waiting):
        executor = MigrationExecutor(connection)
        if connection.features.can_rollback_ddl and not connection.introspection.table_names():
            return _lay_out(executor)
        journal.begin(executor)
        executor.loader.check_consistent_history(connection)
        return _carry_out(executor, backup)


def _is_all_done() -> bool:
    """Tell whether nothing waits, so that whoever starts a process or fills a database needs no lock for that."""
    if not queries.has_journal():
        return False
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = queries.split(executor)
    return not (plan.due or plan.waiting or journal.unsettled())


def _say_waiting() -> None:
    log.info("another process is changing the schema; waiting for it")


def _lay_out(executor: MigrationExecutor) -> Outcome:
    """Make the tables as they are today in an empty database, at once and all or none, instead of every step there."""
    began = clock.now()
    with connection.schema_editor() as editor:
        executor.recorder.ensure_schema()
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for step in executor.loader.disk_migrations:
            executor.recorder.record_applied(*step)
        for sql in editor.deferred_sql:
            editor.execute(sql, None)
        editor.deferred_sql.clear()
        journal.note_layout(began)
    _settle()
    return Outcome(is_laid_out=True)


def _carry_out(executor: MigrationExecutor, backup: Backup) -> Outcome:
    plan = queries.split(executor, without_backup=backup == Backup.NONE)
    outcome = Outcome(waiting={str(migration): reason for migration, reason in plan.waiting})
    if plan.due:
        point = _prepare(executor, plan, backup)
        emit_pre_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
        state = queries.state_now(executor)
        for migration in plan.due:
            log.info("changing the schema", migration=str(migration))
            with running.noting_failures(migration, Direction.FORWARD):
                running.forward(executor, migration, state, point)
            outcome.done.append(str(migration))
        executor.check_replacements()
    if journal.unsettled():
        _settle()
    return outcome


def _prepare(executor: MigrationExecutor, plan: queries.Split, backup: Backup) -> str:
    """Look at what should be true before, and return the name of the copy of the data to go back to."""
    if not queries.holds_data(executor):
        return ""
    checks = queries.preflight()
    wrong = [check for check in checks if check.verdict == Verdict.FAIL]
    if backup == Backup.NONE:
        wrong = [check for check in wrong if check.name != "restore point"]
    if wrong and backup != Backup.FOR_CONTRACTING:
        raise Unprepared(". ".join(f"{check.name}: {check.detail}" for check in wrong) + ".")
    for check in wrong:
        log.warning("changing the schema all the same", check=check.name, found=check.detail)
    point = queries.restore_point()[0]
    return point.name[:LONGEST_POINT] if point else ""


def _settle() -> None:
    """Let Django write down content types and permissions; a crash before the end has it done again."""
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    journal.reached("settling")
    journal.settle()
    journal.reached("settled")


def roll_back(
    actor: Actor,
    *,
    app: str,
    name: str,
    reason: str,
    wait: float = PATIENCE,
    loses: bool = False,
    told: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Undo every migration after the one named.

    Raises Irreversible with all reasons, or WouldLose with what would be gone unless `loses`, before anything is undone.
    """
    permissions.require(actor, "migrations.run")
    with alone(connection, wait=wait, waiting=_say_waiting):
        executor = MigrationExecutor(connection)
        journal.begin(executor)
        plan = queries.backward_plan(executor, app, name)
        lost = [] if loses else queries.losses(MigrationExecutor(connection), plan)
        if lost:
            raise WouldLose(f"Undoing that loses {'; '.join(lost)}. {queries.way_to_copy(plan)}")
        if plan:
            _publish(actor, RollbackOrdered(app, name), reason, before=[str(each) for each in plan])
        outcome = Outcome()
        for migration, state in queries.states_before(executor, plan):
            told(f"Undoing {migration}")
            with running.noting_failures(migration, Direction.BACKWARD):
                running.backward(executor, migration, state)
            outcome.done.append(str(migration))
        if journal.unsettled():
            _settle()
        return outcome


def pause_backfills(actor: Actor, *, reason: str) -> int:
    """Ask every backfill that is under way to rest after its chunk; returns how many there are."""
    return _ask_backfills(actor, reason, rest=True)


def resume_backfills(actor: Actor, *, reason: str) -> int:
    """Let backfills that rest go on when the schema is changed the next time; returns how many there are."""
    return _ask_backfills(actor, reason, rest=False)


def _ask_backfills(actor: Actor, reason: str, *, rest: bool) -> int:
    permissions.require(actor, "migrations.run")
    if not queries.has_journal():
        return 0
    with transaction.atomic():
        steps = Step.objects.filter(kind=Kind.BACKFILL, is_paused=not rest).exclude(status=Status.DONE)
        asked = list(steps.select_for_update().values_list("pk", flat=True))
        if asked:
            Step.objects.filter(pk__in=asked).update(is_paused=rest)
            fact = BackfillsPaused(len(asked)) if rest else BackfillsResumed(len(asked))
            _publish(actor, fact, reason, before={"resting": not rest}, after={"resting": rest})
        return len(asked)


def _publish(actor: Actor, fact: bus.Fact, reason: str, *, before: Any = None, after: Any = None) -> None:
    """Put an act on record, with the schema as what was acted on."""
    with transaction.atomic():
        bus.publish(fact, actor=actor, act=bus.Act(reason, before=before, after=after, subject="schema"))
