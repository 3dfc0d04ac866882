"""Every rule of the lint finds what it is for, and lets its good counterpart pass."""

import uuid
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.stepwise import Backfill, EachEngine, Phase
from guildry.platform.upgrades.queries import linting, snapshots
from guildry.platform.upgrades.queries.linting import tables
from tests.factories.upgrades import APP, a_migration, make_books

KIND = [("paper", "Paper"), ("sound", "Sound")]


def nothing(apps: Any, editor: Any) -> None:
    """Change no row."""


def everything(apps: Any, editor: Any) -> None:
    """Change every row at once."""
    apps.get_model(APP, "Book").objects.all().update(pages=1)


def hidden(apps: Any, editor: Any) -> None:
    """Change a table where nobody looks."""
    editor.execute("ALTER TABLE trial_book ADD COLUMN hidden integer")


def some(rows: Any) -> None:
    """Change the rows of a chunk."""


def add(name: str, field: Any) -> Any:
    return migrations.AddField("Book", name, field)


def alter(name: str, field: Any) -> Any:
    return migrations.AlterField("Book", name, field)


def change(*operations: Any, **attributes: Any) -> Any:
    """Return a migration that decided what it means for the API, as every good one does."""
    return a_migration("0002_change", *operations, **{"contract": "nobody reads it", **attributes})


def contracting(*operations: Any) -> Any:
    return change(*operations, phase=Phase.CONTRACT, deprecated_in="1.2")


def run(code: Any, undo: Any = migrations.RunPython.noop) -> Any:
    return migrations.RunPython(code, undo)


def each(*statements: str) -> Any:
    return EachEngine(sqlite=statements, mariadb=statements, undo_sqlite=(), undo_mariadb=())


def long_index(*fields: str, name: str) -> Any:
    return migrations.AddIndex("Book", models.Index(fields=list(fields), name=name))


CASES: dict[str, tuple[Any, Any]] = {
    "M01": (
        change(add("floor", models.IntegerField(default=3))),
        change(add("floor", models.IntegerField(db_default=3))),
    ),
    "M02": (
        change(migrations.RenameField("Book", "title", "name")),
        change(migrations.AlterModelOptions("Book", {"ordering": ["title"]})),
    ),
    "M03": (
        change(migrations.RemoveField("Book", "pages")),
        contracting(migrations.RemoveField("Book", "pages")),
    ),
    "M04": (
        change(alter("pages", models.BigIntegerField(db_default=0))),
        change(add("seen", models.IntegerField(db_default=0))),
    ),
    "M05": (
        change(add("floor", models.IntegerField(db_default=3)), run(nothing)),
        change(run(nothing)),
    ),
    "M06": (change(migrations.RunPython(nothing)), change(run(nothing))),
    "M07": (
        change(migrations.RunSQL("UPDATE trial_book SET pages = 1 WHERE id = 1", migrations.RunSQL.noop)),
        change(each("UPDATE trial_book SET pages = 1 WHERE id = 1")),
    ),
    "M08": (
        change(add("code", models.UUIDField(default=uuid.uuid4, null=True))),
        change(add("tags", models.JSONField(default=dict, null=True))),
    ),
    "M09": (
        change(long_index("title", name="the_title_of_a_book_that_is_here")),
        change(long_index("title", "pages", name="trial_title")),
    ),
    "M10": (
        change(add("next", models.ForeignKey(f"{APP}.Book", models.DO_NOTHING, null=True))),
        change(add("next", models.ForeignKey(f"{APP}.Book", models.CASCADE, null=True))),
    ),
    "M11": (
        change(add("price", models.FloatField(null=True))),
        change(add("price_minor", models.BigIntegerField(null=True))),
    ),
    "M12": (
        change(add("reset_token", models.CharField(max_length=40, null=True))),
        change(
            add("token_digest", models.CharField(max_length=64, null=True)),
            add("expires_at", models.DateTimeField(null=True)),
        ),
    ),
    "M13": (
        change(add("email", models.EmailField(null=True))),
        change(add("email", classified(models.EmailField(null=True), inventory.CONTACT))),
    ),
    "M14": (
        change(add("code", models.CharField(max_length=9, null=True, db_collation="latin1_swedish_ci"))),
        change(add("code", models.CharField(max_length=9, null=True, db_collation="utf8mb4_bin"))),
    ),
    "M16": (
        change(alter("kind", models.CharField(max_length=9, choices=KIND[:1], db_default="paper"))),
        change(
            alter(
                "kind", models.CharField(max_length=9, choices=[*KIND, ("film", "Film")], db_default="paper")
            )
        ),
    ),
    "M17": (
        change(add("floor", models.IntegerField(null=True)), contract=""),
        change(add("floor", models.IntegerField(null=True)), contract="The API does not show it."),
    ),
    "M18": (
        change(each("DELETE FROM trial_book")),
        change(each("DELETE FROM trial_book WHERE pages = 0")),
    ),
}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> ProjectState:
    """A library of books that grows, and a snapshot that knows the change."""
    monkeypatch.setattr(snapshots, "committed", lambda: {"migrations": {APP: "0002_change"}})
    monkeypatch.setattr(tables, "GROWING", {f"{APP}.book"})
    kind = add("kind", models.CharField(max_length=9, choices=KIND, db_default="paper"))
    return a_migration("0001_initial", make_books(), kind).mutate_state(ProjectState())


def broken(migration: Any, state: ProjectState) -> set[str]:
    return {problem.rule for problem in linting.problems_of(migration, state) if not problem.waived}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_it_is_for_and_nothing_else_does(rule: str, library: ProjectState) -> None:
    bad, good = CASES[rule]

    assert rule in broken(bad, library)
    assert broken(good, library) == set()


def test_a_snapshot_of_before_the_change_is_found(
    library: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = change(run(nothing))
    assert "M15" not in broken(migration, library)
    monkeypatch.setattr(snapshots, "committed", lambda: {"migrations": {APP: "0001_initial"}})

    assert broken(migration, library) == {"M15"}


def test_every_rule_from_1_to_18_has_a_fixture() -> None:
    assert sorted({*CASES, "M15"}) == [f"M{number:02}" for number in range(1, 19)] == sorted(linting.RULES)


@pytest.mark.parametrize(
    ("rule", "operation"),
    [
        ("M02", migrations.RenameModel("Book", "Volume")),
        ("M02", migrations.AlterModelTable("Book", "volumes")),
        ("M03", migrations.DeleteModel("Book")),
        ("M04", alter("title", models.CharField(max_length=40))),
        ("M04", migrations.AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__gte=0), name="pages"))),
        ("M05", run(hidden)),
        ("M08", add("made_at", models.DateTimeField(db_default=Now()))),
        ("M09", long_index("title", "pages", "kind", "id", name="trial_four")),
        ("M14", each("ALTER TABLE trial_book CONVERT TO CHARACTER SET latin1")),
        ("M18", run(everything)),
    ],
)  # fmt: skip
def test_a_rule_knows_other_ways_to_break_it(rule: str, operation: Any, library: ProjectState) -> None:
    assert rule in broken(change(operation), library)


def test_a_new_table_may_be_made_in_any_way_since_nobody_writes_to_it_yet(library: ProjectState) -> None:
    shelf = migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))])
    filled = migrations.AddField("Shelf", "floor", models.IntegerField())

    assert broken(change(shelf, filled, contract=""), library) == set()


def test_a_backfill_by_chunks_is_the_way_to_change_every_row(library: ProjectState) -> None:
    assert broken(change(Backfill("Book", some)), library) == set()


def test_a_rule_is_waived_with_a_reason(library: ProjectState) -> None:
    migration = change(migrations.RemoveField("Book", "pages"), waived={"M03": "nobody used it"})

    assert broken(migration, library) == set()
    assert {problem.waived for problem in linting.problems_of(migration, library)} == {"nobody used it"}


def test_the_migrations_of_the_project_break_no_rule() -> None:
    assert [problem for problem in linting.lint() if not problem.waived] == []
