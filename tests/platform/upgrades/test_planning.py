"""A plan says what each statement does to those who use the table, as the database itself answers."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, migrations, models
from django.db.migrations.recorder import MigrationRecorder

from guildry.kernel.permissions import SYSTEM
from guildry.platform.upgrades import actions, queries, rules
from guildry.platform.upgrades.executor import fingerprints
from guildry.platform.upgrades.executor.shadows import shadow_of
from guildry.platform.upgrades.queries import planning
from guildry.platform.upgrades.rules import LockClass
from tests.factories.upgrades import a_migration, a_shelf, add_books, make_books

pytestmark = pytest.mark.django_db(transaction=True)
BY_ENGINE = {
    "a column": {"sqlite": LockClass.COPY, "mysql": LockClass.INSTANT},
    "an index": {"sqlite": LockClass.INPLACE, "mysql": LockClass.NOCOPY},
    "a wider number": {"sqlite": LockClass.COPY, "mysql": LockClass.COPY},
    "a check": {"sqlite": LockClass.COPY, "mysql": LockClass.COPY},
    "no table": {"sqlite": LockClass.DROP, "mysql": LockClass.DROP},
}
CHANGES = {
    "a column": migrations.AddField("Book", "shelf", models.IntegerField(db_default=3)),
    "an index": migrations.AddIndex("Book", models.Index(fields=["title"], name="trial_title")),
    "a wider number": migrations.AlterField("Book", "pages", models.BigIntegerField(db_default=0)),
    "a check": migrations.AddConstraint(
        "Book", models.CheckConstraint(condition=models.Q(pages__gte=0), name="trial_pages")
    ),
    "no table": migrations.DeleteModel("Book"),
}
GROUPS = [LockClass.COPY, LockClass.DROP, LockClass.INPLACE, LockClass.NOCOPY, LockClass.INSTANT]


def heaviest(statements: list[planning.Statement]) -> LockClass:
    return min((each.lock_class for each in statements), key=GROUPS.index)


@pytest.mark.parametrize("change", CHANGES)
def test_the_class_of_a_change_is_what_the_database_says(change: str) -> None:
    with a_shelf() as shelf:
        shelf.carry_out(a_migration("0001_initial", make_books(), add_books(3)))
        before = fingerprints.of_everything(connection)

        with shadow_of(connection) as shadow:
            tried = list(planning._tried(a_migration("0002_x", CHANGES[change]), shelf.state, shadow))

        assert heaviest(tried) == BY_ENGINE[change][connection.vendor]
        assert fingerprints.of_everything(connection) == before


def test_a_function_is_named_and_not_run() -> None:
    ran: list[Any] = []
    with a_shelf() as shelf, shadow_of(connection) as shadow:
        move = migrations.RunPython(lambda apps, editor: ran.append(apps))
        tried = list(planning._tried(a_migration("0001_x", make_books(), move), shelf.state, shadow))

    assert [each.lock_class for each in tried] == [LockClass.NEW, LockClass.ROWS]
    assert ran == []


def test_nothing_due_is_an_empty_plan() -> None:
    assert planning.plan() == planning.Plan()


def test_a_plan_lists_what_is_due_and_what_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    _take_back("seeds")
    try:
        plan = planning.plan()
    finally:
        _bring_back()

    assert {each.migration for each in plan.statements} == {"seeds.0001_initial"}
    assert {each.lock_class for each in plan.statements} == {LockClass.NEW}
    assert plan.checks[0].name == "restore point"
    assert plan.trouble == ""


def test_without_a_shadow_the_operations_are_listed_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(connection: Any) -> Any:
        raise DatabaseError("access denied")

    _take_back("seeds")
    try:
        monkeypatch.setattr(planning, "shadow_of", refuse)
        plan = planning.plan()
    finally:
        _bring_back()

    assert {each.lock_class for each in plan.statements} == {LockClass.UNKNOWN}
    assert plan.trouble == "No empty copy of the tables could be made or changed: access denied"


def _take_back(app: str) -> None:

    actions.roll_back(SYSTEM, app=app, name="zero", reason="A test")
    assert (app, "0001_initial") not in MigrationRecorder(connection).applied_migrations()


def _bring_back() -> None:

    actions.bring_up_to_date(SYSTEM)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ADD COLUMN a int", "ALTER TABLE t ADD COLUMN a int, ALGORITHM=INSTANT"),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a) ALGORITHM=INSTANT"),
        ("DROP INDEX i ON t", "DROP INDEX i ON t ALGORITHM=INSTANT"),
    ],
)
def test_an_algorithm_is_asked_for_in_the_words_of_the_statement(sql: str, expected: str) -> None:
    assert rules.with_algorithm(sql, LockClass.INSTANT) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE t (a int)", LockClass.NEW),
        ("DROP TABLE t", LockClass.DROP),
        ("RENAME TABLE a TO b", LockClass.INSTANT),
        ("UPDATE t SET a = 1", LockClass.ROWS),
        ("ALTER TABLE t ADD a int", None),
        ("CREATE UNIQUE INDEX i ON t (a)", None),
        ("OPTIMIZE TABLE t", LockClass.UNKNOWN),
    ],
)
def test_some_statements_say_their_class_themselves(sql: str, expected: LockClass | None) -> None:
    assert rules.evident_class(sql) == expected


def test_everything_due_is_still_there_after_a_plan() -> None:
    assert queries.waits() is False
