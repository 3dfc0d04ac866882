"""How changes of the schema stand: what the journal says of each."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guildry.kernel import errors, paging
from guildry.kernel.paging import Page
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.queries.plans import split
from guildry.platform.upgrades.rules import Status

PAGE_SIZE = 25


class ChangeNotFound(errors.NotFound):
    problem = errors.problem("change-not-found", 404, "No such change")
    detail = "The journal has no change of that number, or you may not read it."


@dataclass(frozen=True)
class Told:
    """A change with how many of its steps are done."""

    change: Change
    done: int
    total: int


@dataclass(frozen=True)
class Standing:
    """What is due, what waits and why, and the newest changes of the journal."""

    due: list[str]
    waiting: list[tuple[str, str]]
    changes: list[Told]

    def as_json(self) -> dict[str, Any]:
        return {
            "due": self.due,
            "waiting": [{"migration": name, "reason": reason} for name, reason in self.waiting],
            "changes": [
                {
                    "app": told.change.app, "name": told.change.name, "direction": told.change.direction,
                    "status": told.change.status, "steps_done": told.done, "steps": told.total,
                    "error": told.change.error, "opened_at": told.change.opened_at.isoformat(),
                    "done_at": told.change.done_at.isoformat() if told.change.done_at else None,
                }
                for told in self.changes
            ],
        }  # fmt: skip


def has_journal() -> bool:
    return Change._meta.db_table in connection.introspection.table_names()


def standing(viewer: Any, *, count: int = PAGE_SIZE) -> Standing:
    """Return how everything stands; a database without a journal has nothing in it."""
    found = split(MigrationExecutor(connection))
    changes = list(journal(viewer, size=count).items) if has_journal() else []
    return Standing(
        [str(migration) for migration in found.due],
        [(str(migration), reason) for migration, reason in found.waiting],
        changes,
    )


def journal(viewer: Any, *, cursor: str = "", size: int = PAGE_SIZE) -> Page[Told]:
    """Return the newest changes the viewer may see; raises InvalidCursor."""
    rows = Change.objects.visible_to(viewer)
    if cursor:
        rows = rows.filter(pk__lt=paging.decode_cursor(cursor, int)[0])
    page = paging.page_of(list(rows.order_by("-pk")[: size + 1]), size, "pk")
    return Page(told_of(list(page.items)), page.next_cursor)


def change_of(viewer: Any, pk: int) -> Told:
    """Return one change; raises ChangeNotFound."""
    found = Change.objects.visible_to(viewer).filter(pk=pk).first()
    if found is None:
        raise ChangeNotFound
    return told_of([found])[0]


def told_of(changes: list[Change]) -> list[Told]:
    """Return changes with how many of their steps are done, in two queries."""
    steps = Step.objects.filter(change_id__in=[change.pk for change in changes])
    counted = Counter(steps.values_list("change_id", "status"))
    totals = Counter[int]()
    for (change_id, _), number in counted.items():
        totals[change_id] += number
    return [Told(change, counted[change.pk, Status.DONE], totals[change.pk]) for change in changes]
