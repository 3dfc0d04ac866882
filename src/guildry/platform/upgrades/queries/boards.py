"""What the screen of migrations shows: what happens now, what was done, what each step took, and the way back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from guildry.kernel import clock, paging
from guildry.kernel.paging import Page
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.executor import journal as noted
from guildry.platform.upgrades.executor import locking
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.queries.losing import losses
from guildry.platform.upgrades.queries.planning import Plan, plan_shown
from guildry.platform.upgrades.queries.plans import Irreversible, backward_plan, way_to_copy
from guildry.platform.upgrades.queries.readiness import restore_point
from guildry.platform.upgrades.queries.standings import Told, told_of
from guildry.platform.upgrades.rules import Direction, Health, Kind, Status

RESUME = "guildry migrate resume"
LATEST, STEPS_A_PAGE = 8, 50


@dataclass(frozen=True)
class Moment:
    """A step with how long it took, or takes so far; None where that was not measured."""

    step: Step
    took: timedelta | None


@dataclass(frozen=True)
class Live:
    """What happens at this moment: who is at it, the changes that are not done with their latest steps, the backfills."""

    health: Health
    at_work: str
    unfinished: list[tuple[Told, list[Moment]]]
    backfills: list[Step]

    @property
    def is_moving(self) -> bool:
        return self.health == Health.WORKING

    @property
    def resting(self) -> list[Step]:
        return [step for step in self.backfills if step.is_paused]


@dataclass(frozen=True)
class InUse:
    """The migrations of one app that this database has."""

    app: str
    newest: str
    count: int
    applied_at: datetime


@dataclass(frozen=True)
class WayBack:
    """How a change is undone, or why it is not; what that loses, and how the data comes back instead."""

    command: str = ""
    undoes: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    obstacle: str = ""
    copy: str = ""


def live(viewer: Any, plan: Plan | None = None) -> Live:
    """Return what happens now; without a plan nobody asks what is due."""
    at_work = locking.at_work(connection)
    changes = list(Change.objects.visible_to(viewer).exclude(status=Status.DONE).order_by("-pk")[:LATEST])
    backfills = list(Step.objects.visible_to(viewer).filter(kind=Kind.BACKFILL).exclude(status=Status.DONE))
    unfinished = [(told, _latest_of(told.change)) for told in told_of(changes)]
    health = rules.health(
        at_work=bool(at_work), is_unfinished=bool(changes), is_resting=any(step.is_paused for step in backfills),
        is_due=bool(plan and any(not each.is_waiting for each in plan.statements)), is_waiting=bool(plan and plan.waiting),
    )  # fmt: skip
    return Live(health, at_work, unfinished, backfills)


def plan_now() -> Plan:
    """Return the plan, empty while somebody is at work: half a change is nothing to try further ones on."""
    return Plan() if locking.at_work(connection) else plan_shown()


def _latest_of(change: Change) -> list[Moment]:
    steps = list(Step.objects.filter(change_id=change.pk).order_by("-pk")[:LATEST])
    return _timed(list(reversed(steps)))


def _timed(steps: list[Step]) -> list[Moment]:
    now = clock.now()
    return [
        Moment(step, (step.done_at or now) - step.started_at if step.started_at else None) for step in steps
    ]


def steps_shown(change: Change, *, cursor: str = "") -> Page[Moment]:
    """Return a page of the steps of a change in their order; raises InvalidCursor."""
    rows = Step.objects.filter(change_id=change.pk).exclude(kind=Kind.NOTHING)
    if cursor:
        rows = rows.filter(pk__gt=paging.decode_cursor(cursor, int)[0])
    page = paging.page_of(list(rows.order_by("pk")[: STEPS_A_PAGE + 1]), STEPS_A_PAGE, "pk")
    return Page(_timed(list(page.items)), page.next_cursor)


def in_use() -> list[InUse]:
    """Return what this database has of every app, the newest first; Django keeps that itself."""
    found: dict[str, list[tuple[str, datetime]]] = {}
    for app, name, applied in MigrationRecorder(connection).migration_qs.values_list(
        "app", "name", "applied"
    ):
        found.setdefault(app, []).append((name, applied))
    each = [
        InUse(app, max(name for name, _ in names), len(names), max(applied for _, applied in names))
        for app, names in found.items()
    ]
    return sorted(each, key=lambda row: (-int(row.applied_at.timestamp()), row.app))


def copy_to_go_back_to() -> tuple[str, str]:
    """Return the name of a fresh proven copy of the data, or an empty one and why there is none."""
    point, trouble = restore_point()
    return (point.name, "") if point else ("", trouble)


def way_back(change: Change) -> WayBack | None:
    """Return how a change that is in use is undone; None where there is nothing to undo."""
    executor = MigrationExecutor(connection)
    key = (change.app, change.name)
    is_whole = change.app == noted.EVERYTHING or change.status != Status.DONE
    if is_whole or change.direction != Direction.FORWARD or key not in executor.loader.applied_migrations:
        return None
    before = _name_before(executor, key)
    try:
        plan = backward_plan(executor, change.app, before)
    except Irreversible as refusal:
        return WayBack(obstacle=refusal.message, copy=change.restore_point)
    return WayBack(
        f"guildry migrate rollback {change.app} {before}",
        [str(migration) for migration in plan],
        losses(MigrationExecutor(connection), plan),
        copy=way_to_copy(plan),
    )


def _name_before(executor: MigrationExecutor, key: tuple[str, str]) -> str:
    own = [parent[1] for parent in executor.loader.graph.node_map[key].parents if parent[0] == key[0]]
    return max(own, default="zero")
