"""Which migrations are due now, which wait for their phase, and which can be undone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from guildry.kernel import clock, errors
from guildry.kernel.points import ROLL_CALLS
from guildry.kernel.stepwise import Backfill, Phase, declared
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.queries.readiness import restore_point
from guildry.platform.upgrades.rules import Direction, Status


class Irreversible(errors.Conflict):
    problem = errors.problem("migration-irreversible", 409, "That cannot be undone")
    detail = "One of these changes cannot be undone. Restore the copy made before it."


class UnknownMigration(errors.NotFound):
    problem = errors.problem("unknown-migration", 404, "No such migration")
    detail = "This release has no migration of that name."


class Waits(errors.Conflict):
    problem = errors.problem("migration-waits", 409, "A change waits for another one")
    detail = "A change that this release needs waits for another one."


@dataclass
class Split:
    """What is due in order, and what waits, each with the reason."""

    due: list[Any] = field(default_factory=list)
    waiting: list[tuple[Any, str]] = field(default_factory=list)


def split(executor: MigrationExecutor, *, without_backup: bool = False) -> Split:
    """Sort what is not applied yet; raises Waits when something the new code needs depends on something that waits.

    What contracts waits for a proven copy of the data, unless it has to do without.
    """
    found = Split()
    put_off: dict[tuple[str, str], str] = {}
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        key = (migration.app_label, migration.name)
        parents: list[tuple[str, str]] = [(app, name) for app, name in migration.dependencies]
        behind = next((parent for parent in parents if parent in put_off), None)
        reason = (
            f"it depends on {'.'.join(behind)}"
            if behind
            else _reason_to_wait(executor, migration, without_backup)
        )
        if not reason:
            found.due.append(migration)
            continue
        if declared(migration).phase == Phase.EXPAND:
            raise Waits(f"{migration} is needed now, but {reason}, which waits: {put_off[behind or key]}.")
        put_off[key] = reason
        found.waiting.append((migration, reason))
    return found


def state_now(executor: MigrationExecutor) -> Any:
    """Return the state of the models as the applied migrations left them, rendered once for all that follow."""
    django: Any = executor
    state = django._create_project_state(with_applied_migrations=True)
    state.apps  # noqa: B018  every later state is made from this one, which costs less than rendering each
    return state


def waits(connection_used: Any = connection) -> bool:
    """Tell whether a migration is due that nothing holds back."""
    return bool(split(MigrationExecutor(connection_used)).due)


def _reason_to_wait(executor: MigrationExecutor, migration: Any, without_backup: bool) -> str:
    said = declared(migration)
    if said.phase == Phase.CONTRACT:
        early = _reason_not_to_contract(executor, migration, said.after_hours)
        return early if early or without_backup else restore_point()[1]
    if said.phase == Phase.MIGRATE and _is_paused(migration):
        return "its backfill is paused"
    return ""


def _reason_not_to_contract(executor: MigrationExecutor, migration: Any, after_hours: float) -> str:
    """Wait until what a contracting migration depends on was in use long enough for every old process to be gone."""
    applied = executor.loader.applied_migrations
    since: datetime | None = None
    for parent in migration.dependencies:
        record: Any = applied.get(tuple(parent))
        if record is None:
            return f"{'.'.join(parent)} is not in use yet"
        since = max(since or record.applied, record.applied)
    if reason := _reason_of_others(since):
        return reason
    ready = rules.contracts_from(since, after_hours)
    if ready and ready > clock.now():
        return (
            f"what came before it must be in use for {after_hours:g} hours, until {ready:%Y-%m-%d %H:%M} UTC"
        )
    return ""


def _reason_of_others(since: datetime | None) -> str:
    """Wait for processes that run the code of another release since before the change that takes their place."""
    if since is None:
        return ""
    for roll in ROLL_CALLS:
        try:
            present = roll.present()
        except DatabaseError as error:
            return f"nobody can say who runs the release before: {error}"
        for process in present:
            if rules.runs_code_before(process.release, process.since, version("guildry"), since):
                return f"{process.name} still runs release {process.release}, since {process.since:%Y-%m-%d %H:%M} UTC"
    return ""


def _is_paused(migration: Any) -> bool:
    if not any(isinstance(operation, Backfill) for operation in migration.operations):
        return False
    changes = Change.objects.filter(app=migration.app_label, name=migration.name).exclude(status=Status.DONE)
    ids = list(changes.values_list("pk", flat=True))
    return bool(ids) and Step.objects.filter(change_id__in=ids, is_paused=True).exists()


def backward_plan(executor: MigrationExecutor, app: str, name: str) -> list[Any]:
    """Return what has to be undone to be back at a migration, newest first; raises UnknownMigration and Irreversible."""
    key = (app, None if name == "zero" else name)
    if (
        key[1] is not None and key not in executor.loader.graph.nodes
    ) or app not in executor.loader.migrated_apps:
        raise UnknownMigration(f"This release has no migration {app}.{name}.")
    plan = [migration for migration, backwards in executor.migration_plan([key]) if backwards]
    reasons = [reason for migration in plan if (reason := _reason_not_to_undo(migration))]
    if reasons:
        raise Irreversible(" ".join([*reasons, way_to_copy(plan)]))
    return plan


def copy_before(plan: list[Any]) -> str:
    """Return the name of the copy of the data that was there before the oldest of these changes, empty without one."""
    for migration in reversed(plan):
        changes = Change.objects.filter(
            app=migration.app_label, name=migration.name, direction=Direction.FORWARD
        )
        found = changes.exclude(restore_point="").order_by("-pk").first()
        if found:
            return found.restore_point
    return ""


def way_to_copy(plan: list[Any]) -> str:
    """Say in a sentence how the data comes back that no undoing brings back."""
    name = copy_before(plan)
    if not name:
        return "No copy of the data was on record before it; the runbook restore says how to go back to another one."
    return f"Go back to the copy made before it: guildry backup restore {name} (runbook restore)."


def _reason_not_to_undo(migration: Any) -> str:
    said = declared(migration)
    if said.irreversible:
        return f"{migration} cannot be undone: {said.irreversible}"
    stuck = [operation.describe() for operation in migration.operations if not operation.reversible]
    return f"{migration} cannot be undone: {stuck[0]}." if stuck else ""


def states_before(executor: MigrationExecutor, plan: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each migration to undo with the state before it."""
    applied = executor.loader.applied_migrations
    graph = executor.loader.graph
    for migration in plan:
        wanted = [
            key for key in applied if key in graph.nodes and key != (migration.app_label, migration.name)
        ]
        before = [
            key for key in wanted
            if (migration.app_label, migration.name) not in graph.forwards_plan(key)
        ]  # fmt: skip
        yield migration, executor.loader.project_state(before)
        executor.loader.applied_migrations.pop((migration.app_label, migration.name), None)


def holds_data(executor: MigrationExecutor) -> bool:
    """Tell whether anything but the journal was made before, so that there is something to lose."""
    return any(app != "upgrades" for app, _ in executor.loader.applied_migrations)


def applied_names() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())
