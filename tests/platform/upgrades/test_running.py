"""A change of the schema that is cut off anywhere ends as one that was not."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.recorder import MigrationRecorder

from guildry.kernel.stepwise import Backfill
from guildry.platform.upgrades.executor import fingerprints, running
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.rules import Direction, Kind, Status
from tests.factories.upgrades import (
    APP,
    Cut,
    CutAt,
    CutAtEach,
    Shelf,
    a_migration,
    a_shelf,
    add_books,
    make_books,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with a_shelf() as found:
        yield found


def one_page_more(rows: Any) -> None:
    rows.update(pages=models.F("pages") + 1)


def everything() -> list[Any]:
    """Return one migration with every kind of operation there is."""
    return [
        a_migration(
            "0001_initial",
            make_books(),
            add_books(7),
            migrations.AddField("Book", "shelf", models.IntegerField(default=3)),
            migrations.AddIndex("Book", models.Index(fields=["title"], name="trial_title")),
            migrations.RunSQL("UPDATE trial_book SET pages = pages + 10", migrations.RunSQL.noop),
            migrations.SeparateDatabaseAndState(
                database_operations=[migrations.AddField("Book", "place", models.IntegerField(null=True))],
                state_operations=[migrations.AddField("Book", "place", models.IntegerField(null=True))],
            ),
        ),
        a_migration("0002_fill", Backfill("Book", one_page_more, chunk=3)),
        a_migration("0003_rename", migrations.RenameField("Book", "shelf", "floor"), migrations.RemoveField("Book", "place")),
    ]  # fmt: skip


def outcome() -> tuple[str, list[Any], list[str]]:
    """Return the table, its rows, and what Django was told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, pages, floor FROM trial_book ORDER BY id")
        rows = list(cursor.fetchall())
    applied = sorted(name for app, name in MigrationRecorder(connection).applied_migrations() if app == APP)
    return fingerprints.of_tables(connection, "trial_book"), rows, applied


def test_an_undisturbed_run_does_everything_once(shelf: Shelf) -> None:
    for migration in everything():
        shelf.carry_out(migration)

    _, rows, applied = outcome()
    assert rows == [(f"Book {number}", 11, 3) for number in range(1, 8)]
    assert applied == ["0001_initial", "0002_fill", "0003_rename"]
    assert set(Change.objects.filter(app=APP).values_list("status", flat=True)) == {Status.DONE}
    assert not Step.objects.exclude(status=Status.DONE).exists()


def test_a_run_cut_off_at_every_point_ends_as_an_undisturbed_one() -> None:
    with a_shelf() as shelf:
        passed = [point for migration in everything() for point in shelf.carry_out(migration)]
        expected = outcome()
    cutter = CutAtEach()

    with a_shelf() as shelf:
        for migration in everything():
            following = migration.mutate_state(shelf.state)
            while not _is_applied(migration):
                with suppress(Cut):
                    shelf.carry_out(migration, cutter)
            shelf.state = following

        assert outcome() == expected
    assert len(cutter.seen) >= len({point for point in passed if point.split()[0] != "filled"}) > 15


def _is_applied(migration: Any) -> bool:
    return (APP, migration.name) in MigrationRecorder(connection).applied_migrations()


def test_undoing_cut_off_at_any_point_ends_where_it_began(shelf: Shelf) -> None:
    first, _, last = everything()
    shelf.carry_out(first)
    before, state = fingerprints.definition_of(connection, "trial_book"), shelf.state
    shelf.carry_out(last)
    number = 0

    while True:
        try:
            shelf.undo(last, state, CutAt(number))
            break
        except Cut:
            number += 1
        if not _is_applied(last):
            break

    assert number > 0
    assert _columns(before) == _columns(fingerprints.definition_of(connection, "trial_book"))
    assert not _is_applied(last)


def _columns(definition: str) -> list[str]:
    """Return the lines of a table in any order: a column that comes back comes back at the end."""
    return sorted(
        line.strip().rstrip(",")
        for line in definition.replace("(", "(\n", 1).replace(', "', ',\n"').splitlines()
    )


def test_a_change_that_fails_says_why_and_goes_on_once_that_is_mended(shelf: Shelf) -> None:
    broken = a_migration("0001_initial", make_books(), migrations.RunSQL("UPDATE trial_nowhere SET a = 1"))
    with (
        pytest.raises(Exception, match="trial_nowhere"),
        running.noting_failures(broken, Direction.FORWARD),
    ):
        shelf.carry_out(broken)
    change = Change.objects.get(app=APP)
    assert (change.status, "trial_nowhere" in change.error) == (Status.FAILED, True)

    shelf.carry_out(a_migration("0001_initial", make_books(), migrations.RunSQL(migrations.RunSQL.noop)))

    change.refresh_from_db()
    assert (change.status, change.error) == (Status.DONE, "")


def test_a_backfill_rests_when_asked_and_goes_on_where_it_was(shelf: Shelf) -> None:
    first, fill, _ = everything()
    shelf.carry_out(first)

    def ask_for_rest(point: str) -> None:
        if point.startswith("filled"):
            Step.objects.filter(kind=Kind.BACKFILL).update(is_paused=True)

    with pytest.raises(running.Paused, match="rests after 3 rows"):
        shelf.carry_out(fill, ask_for_rest)
    Step.objects.update(is_paused=False)
    shelf.carry_out(fill)

    step = Step.objects.get(kind=Kind.BACKFILL)
    assert (step.rows, step.status) == (7, Status.DONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM trial_book WHERE pages = 11")
        assert cursor.fetchone() == (7,)


def test_what_must_hold_afterwards_is_looked_at_before_django_is_told(shelf: Shelf) -> None:
    def nobody(apps: Any, connection: Any) -> None:
        if count := apps.get_model(APP, "Book").objects.count():
            raise AssertionError(f"there are {count} books")

    with pytest.raises(running.VerificationFailed, match="there are 7 books"):
        shelf.carry_out(a_migration("0001_initial", make_books(), add_books(7), verify=(nobody,)))

    assert MigrationRecorder(connection).migration_qs.filter(app=APP).count() == 0


def test_a_function_that_changes_tables_is_refused_where_no_transaction_holds_it(shelf: Shelf) -> None:
    def hide(apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE trial_hidden (id integer)")

    hidden = a_migration("0001_initial", make_books(), migrations.RunPython(hide, migrations.RunPython.noop))
    if connection.features.can_rollback_ddl:
        shelf.carry_out(hidden)
        assert "trial_hidden" in connection.introspection.table_names()
        return

    with pytest.raises(running.HiddenStatement, match="trial_hidden"):
        shelf.carry_out(hidden)

    assert "trial_hidden" not in connection.introspection.table_names()
