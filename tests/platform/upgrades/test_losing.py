"""Undoing a change of the schema refuses to lose data unless it is told to."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts.models import StoredFact
from guildry.platform.upgrades import actions, queries
from guildry.platform.upgrades.executor import operations
from guildry.platform.upgrades.models import Change
from guildry.platform.upgrades.queries import losing
from guildry.platform.upgrades.rules import Status
from tests.factories.upgrades import Shelf, a_migration, a_shelf, add_books, make_books

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with a_shelf() as found:
        yield found


def lost(migration: Any, state: ProjectState) -> list[str]:
    tables = {name: losing._columns(name) for name in connection.introspection.table_names()}
    moves = operations.backwards(migration, state)
    return [loss for move in moves if (loss := losing._loss(move, tables))]


@pytest.mark.parametrize(("count", "expected"), [(0, []), (2, ["what is in the table trial_book"])])
def test_a_table_is_lost_with_what_is_in_it(shelf: Shelf, count: int, expected: list[str]) -> None:
    migration = a_migration("0001_initial", make_books(), add_books(count))
    shelf.carry_out(migration)

    assert lost(migration, ProjectState()) == expected


@pytest.mark.parametrize(
    ("field", "values", "expected"),
    [
        (models.IntegerField(default=3), "3", []),
        (models.IntegerField(db_default=3), "4", ["what is in trial_book.shelf"]),
        (models.IntegerField(null=True), "NULL", []),
        (models.IntegerField(null=True), "0", ["what is in trial_book.shelf"]),
    ],
)
def test_a_column_is_lost_where_it_says_more_than_at_first(
    shelf: Shelf, field: models.Field[Any, Any], values: str, expected: list[str]
) -> None:
    shelf.carry_out(a_migration("0001_initial", make_books(), add_books(2)))
    before, migration = shelf.state, a_migration("0002_x", migrations.AddField("Book", "shelf", field))
    shelf.carry_out(migration)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE trial_book SET shelf = {values}")

    assert lost(migration, before) == expected


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (migrations.RemoveField("Book", "pages"), ["trial_book.pages comes back empty"]),
        (migrations.DeleteModel("Book"), ["the table trial_book comes back empty"]),
        (migrations.AddIndex("Book", models.Index(fields=["title"], name="trial_title")), []),
    ],
)
def test_what_was_taken_away_comes_back_empty(shelf: Shelf, operation: Any, expected: list[str]) -> None:
    shelf.carry_out(a_migration("0001_initial", make_books(), add_books(2)))
    before, migration = shelf.state, a_migration("0002_x", operation)
    shelf.carry_out(migration)

    assert lost(migration, before) == expected


def a_pack() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM seeds_loadedpack WHERE 1 = 0")
        names = [column[0] for column in cursor.description if column[0] != "id"]
        cursor.execute("DELETE FROM seeds_loadedpack")
    from guildry.ops.seeds.models import LoadedPack

    values = {
        field.attname: clock.now() if isinstance(field, models.DateTimeField) else 1
        for field in LoadedPack._meta.concrete_fields
        if field.column in names
    }
    LoadedPack.objects.create(**values)


def test_a_rollback_names_what_would_be_lost_and_where_a_copy_is() -> None:
    a_pack()
    Change.objects.create(
        app="seeds", name="0001_initial", direction="forward", phase="expand", status=Status.DONE, is_settled=True,
        opened_at=clock.now(), done_at=clock.now(), restore_point="20260721T080001Z-abcdef",
    )  # fmt: skip
    try:
        with pytest.raises(actions.WouldLose) as refusal:
            actions.roll_back(SYSTEM, app="seeds", name="zero", reason="A test")
        assert "what is in the table seeds_loadedpack" in refusal.value.message
        assert "guildry backup restore 20260721T080001Z-abcdef" in refusal.value.message
        assert "seeds_loadedpack" in connection.introspection.table_names()
        assert not StoredFact.objects.filter(name="upgrades.RollbackOrdered").exists()

        actions.roll_back(SYSTEM, app="seeds", name="zero", reason="It was wrong", loses=True)

        assert "seeds_loadedpack" not in connection.introspection.table_names()
        fact = StoredFact.objects.get(name="upgrades.RollbackOrdered")
        assert "It was wrong" in fact.act
    finally:
        actions.bring_up_to_date(SYSTEM)


def test_the_way_back_of_a_change_names_all_that_goes_with_it() -> None:
    change = Change.objects.create(
        app="network", name="0001_initial", direction="forward", phase="expand", status=Status.DONE, is_settled=True,
        opened_at=clock.now(), done_at=clock.now(),
    )  # fmt: skip

    back = queries.way_back(change)

    assert back is not None
    assert back.command == "guildry migrate rollback network zero"
    assert back.undoes[-1] == "network.0001_initial"
    assert back.losses == []
    assert back.copy.startswith("No copy of the data was on record")


@pytest.mark.parametrize(
    "fields", [{"app": "*"}, {"status": Status.FAILED}, {"direction": "backward"}, {"name": "0999"}]
)
def test_what_is_not_in_use_has_no_way_back(fields: dict[str, Any]) -> None:
    given = {
        "app": "network",
        "name": "0001_initial",
        "direction": "forward",
        "status": Status.DONE,
        **fields,
    }
    change = Change.objects.create(phase="expand", opened_at=clock.now(), **given)

    assert queries.way_back(change) is None


def test_what_cannot_be_undone_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.loader import MigrationLoader

    kind = type(MigrationLoader(connection).disk_migrations["seeds", "0001_initial"])
    monkeypatch.setattr(kind, "irreversible", "the old shape cannot hold the new rows.", raising=False)
    change = Change.objects.create(
        app="seeds", name="0001_initial", direction="forward", phase="expand", status=Status.DONE,
        opened_at=clock.now(), restore_point="20260721T080001Z-abcdef",
    )  # fmt: skip

    back = queries.way_back(change)

    assert back is not None
    assert "the old shape cannot hold the new rows" in back.obstacle
    assert "guildry backup restore 20260721T080001Z-abcdef" in back.obstacle
    assert back.command == ""
