"""Migrations made up for a test, and a place to carry them out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from guildry.platform.upgrades.executor import journal, running
from guildry.platform.upgrades.models import Change, Step

APP = "trial"


class Cut(BaseException):
    """A process ended at this point."""


class CutAt:
    """Ends what runs at one point, by its number, and remembers which points were passed."""

    def __init__(self, number: int = -1) -> None:
        self.number, self.points = number, list[str]()

    def __call__(self, point: str) -> None:
        self.points.append(point)
        if len(self.points) - 1 == self.number:
            raise Cut(point)


class CutAtEach:
    """Ends what runs at the first point where nothing was ended before."""

    def __init__(self) -> None:
        self.seen = set[str]()

    def __call__(self, point: str) -> None:
        if point not in self.seen:
            self.seen.add(point)
            raise Cut(point)


def a_migration(name: str, *operations: Any, **attributes: Any) -> Any:
    """Return a migration of an app that does not exist, as its file would declare it."""
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), **attributes})
    return kind(name, APP)


def make_books() -> Any:
    """Return the operation that makes a table of books."""
    return migrations.CreateModel(
        "Book",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("title", models.CharField(max_length=80)),
            ("pages", models.IntegerField(db_default=0)),
        ],
    )


def add_books(count: int) -> Any:
    """Return the operation that writes books, numbered from 1."""

    def write(apps: Any, editor: Any) -> None:
        book = apps.get_model(APP, "Book")
        book.objects.bulk_create([book(title=f"Book {number}") for number in range(1, count + 1)])

    return migrations.RunPython(write, migrations.RunPython.noop)


class Shelf:
    """Carries out migrations of the trial app one after the other, each from the state the one before left."""

    def __init__(self) -> None:
        self.executor = _executor()
        self.state = ProjectState()

    def carry_out(self, migration: Any, watcher: Callable[[str], None] = lambda point: None) -> list[str]:
        """Run a migration, watched by whoever may want to cut it off, and return the points it passed."""
        passed, state = CutAt(), self.state.clone()
        with journal.watching(passed), journal.watching(watcher):
            running.forward(self.executor, migration, state)
        self.state = state
        return passed.points

    def undo(self, migration: Any, state: ProjectState, cut: CutAt) -> None:
        """Undo a migration, back to the state before it."""
        with journal.watching(cut):
            running.backward(self.executor, migration, state.clone())
        self.state = state


@cache
def _executor() -> MigrationExecutor:
    """Read the real migrations once: all that is wanted here is the recorder."""
    return MigrationExecutor(connection)


@contextmanager
def a_shelf() -> Iterator[Shelf]:
    """Give a place for the tables of the trial app and clear it before and after."""
    _clear()
    try:
        yield Shelf()
    finally:
        _clear()


def _clear() -> None:
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name.startswith(f"{APP}_")]
    for name in sorted(names, reverse=True):
        with connection.schema_editor() as editor:
            editor.execute(f"DROP TABLE {editor.quote_name(name)}")
    MigrationRecorder(connection).migration_qs.filter(app=APP).delete()
    ids = list(Change.objects.filter(app=APP).values_list("pk", flat=True))
    Step.objects.filter(change_id__in=ids).delete()
    Change.objects.filter(app=APP).delete()
