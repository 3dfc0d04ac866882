"""Three accounts of one schema agree: of the models, of the database, and the one that was committed."""

import argparse
import json

import pytest
from django.db import connection

from guildry.ops.blueprint import commands
from guildry.ops.blueprint.commands import Exit
from guildry.platform.health import commands as health
from guildry.platform.upgrades.executor import shapes
from guildry.platform.upgrades.queries import drifting, snapshots

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_database_has_what_the_models_want() -> None:
    assert drifting.differences(snapshots.of_models(), shapes.of_database(connection)) == []


def test_the_committed_snapshot_is_that_of_the_models() -> None:
    assert snapshots.COMMITTED.read_text() == snapshots.document()


def test_models_and_database_have_the_same_digest_as_was_committed() -> None:
    committed = snapshots.committed()["sha256"]

    assert snapshots.digest(snapshots.of_models()) == committed
    assert snapshots.digest(shapes.of_database(connection)) == committed


def chosen(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return parser.parse_args(words)


def ask(*statements: str) -> None:
    with connection.schema_editor(atomic=False) as editor:
        for sql in statements:
            editor.execute(sql, None)


BROKEN = {
    "a column is missing": (
        ["ALTER TABLE seeds_loadedpack DROP COLUMN {last}"],
        "column seeds_loadedpack.{last} is missing",
    ),
    "an index is missing": (["DROP INDEX {index}"], "index alerts_tally.minute, process unique is missing"),
    "a table is missing": (["DROP TABLE seeds_loadedpack"], "table seeds_loadedpack is missing"),
}


def last_column() -> str:
    columns = shapes.of_database(connection)["seeds_loadedpack"]["columns"]
    return [name for name, made in columns.items() if not made.endswith("key")][-1]


@pytest.mark.parametrize("case", BROKEN)
def test_drift_is_found_and_its_statements_mend_it(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    statements, expected = BROKEN[case]
    index = "one_tally_a_minute" + (" ON alerts_tally" if connection.vendor == "mysql" else "")
    last = last_column()
    if "index" in statements[0] and connection.vendor == "sqlite":
        remake_without_index()
    else:
        ask(*(sql.format(last=last, index=index) for sql in statements))

    found = drifting.mended()
    code = commands.schema(chosen("drift"))
    ask(*(sql for sql in found.statements if not sql.startswith("--")))

    assert [str(each) for each in found.differences] == [expected.format(last=last)]
    assert code == Exit.DRIFT
    assert f"-- {expected.format(last=last)}" in capsys.readouterr().out
    assert drifting.drift_of_code() == []


def remake_without_index() -> None:
    """Make the table of tallies as it was without what makes it unique, which SQLite keeps in the table."""
    ask(
        "DROP TABLE alerts_tally",
        'CREATE TABLE alerts_tally ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "minute" datetime NOT NULL, '
        '"process" varchar(80) NOT NULL, "count" integer DEFAULT 0 NOT NULL)',
    )


def test_what_is_there_besides_is_named_and_left_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    ask("CREATE TABLE of_somebody_else (id integer)", "ALTER TABLE seeds_loadedpack ADD COLUMN note integer")
    try:
        code = commands.schema(chosen("drift", "--json"))
        seen = health.schema().detail
    finally:
        ask("DROP TABLE of_somebody_else", "ALTER TABLE seeds_loadedpack DROP COLUMN note")

    told = json.loads(capsys.readouterr().out)
    assert code == Exit.DRIFT
    assert [each["found"] for each in told["differences"]] == ["a table", "integer null"]
    assert all(sql.startswith("-- nobody in this release uses it: ") for sql in told["statements"])
    assert "besides, table of_somebody_else should not be there" in seen


def test_health_fails_while_something_is_missing() -> None:
    ask(
        "ALTER TABLE seeds_loadedpack ADD COLUMN spare integer",
        "ALTER TABLE alerts_tally RENAME COLUMN process TO worker",
    )
    try:
        with pytest.raises(RuntimeError, match=r"alerts_tally\.process is missing"):
            health.schema()
    finally:
        ask(
            "ALTER TABLE seeds_loadedpack DROP COLUMN spare",
            "ALTER TABLE alerts_tally RENAME COLUMN worker TO process",
        )

    assert health.schema().detail.endswith("and the tables are as it wants them")


def test_the_verbs_say_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.schema(chosen("drift")) == Exit.CLEAN
    assert capsys.readouterr().out == "The tables are as this release wants them.\n"
    assert commands.schema(chosen("snapshot")) == Exit.CLEAN
    assert capsys.readouterr().out == snapshots.COMMITTED.read_text()
    assert commands.schema(chosen("snapshot", "--write")) == Exit.CLEAN
    assert capsys.readouterr().out == "Nothing changed.\n"
