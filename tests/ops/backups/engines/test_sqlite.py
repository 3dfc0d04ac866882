"""A copy of SQLite is compared row for row, whatever stands in its rows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from guildry.ops.backups.engines import EngineFailed, Sqlite, engine_called
from guildry.ops.backups.engines.common import Place

SCHEMA = """
CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT);
CREATE TABLE odd (a, b REAL, c BLOB);
CREATE TABLE keyed (first INTEGER, second TEXT, PRIMARY KEY (second, first)) WITHOUT ROWID;
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES django_migrations (id));
"""


def make(path: Path, *further: tuple[str, tuple[object, ...]]) -> Place:
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO odd VALUES (?, ?, ?)", [(None, 0.1, b"\0"), ("a\0b", 1e300, None)])
        database.execute("INSERT INTO odd VALUES (CAST(x'ff' AS TEXT), -0.0, x'')")
        database.executemany("INSERT INTO keyed VALUES (?, ?)", [(n, f"n{n % 7}") for n in range(50)])
        for statement, values in further:
            database.execute(statement, values)
    return Place(str(path), "here", path)


def digests(place: Place) -> dict[str, tuple[int, str]]:
    return {table.name: (table.rows, table.digest) for table in Sqlite().tables_of(place)}


def test_the_same_rows_have_the_same_digest_in_whatever_order_they_were_written(tmp_path: Path) -> None:
    one = make(tmp_path / "one.db")
    two = make(tmp_path / "two.db", ("DELETE FROM keyed", ()),
               *[("INSERT INTO keyed VALUES (?, ?)", (n, f"n{n % 7}")) for n in reversed(range(50))])  # fmt: skip

    assert digests(one) == digests(two)
    assert {name: rows for name, (rows, _) in digests(one).items()} == {
        "django_migrations": 0, "odd": 3, "keyed": 50, "child": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE odd SET a = '' WHERE a IS NULL",
        "UPDATE odd SET b = 0.10000000000000001 + 1e-17 * 3 WHERE b = 0.1",
        "UPDATE odd SET c = NULL WHERE c = x'00'",
        "UPDATE odd SET c = '0' WHERE c = x'00'",
        "INSERT INTO odd VALUES (NULL, NULL, NULL)",
        "DELETE FROM odd WHERE b = 0.1",
    ],
)
def test_the_digest_tells_every_change(tmp_path: Path, change: str) -> None:
    assert (
        digests(make(tmp_path / "one.db"))["odd"] != digests(make(tmp_path / "two.db", (change, ())))["odd"]
    )


def test_what_sqlite_itself_finds_wrong_is_told(tmp_path: Path) -> None:
    good = make(tmp_path / "good.db")
    orphan = make(tmp_path / "orphan.db", ("INSERT INTO child VALUES (1, 99)", ()))
    (tmp_path / "torn.db").write_bytes((tmp_path / "good.db").read_bytes()[:4096] + b"\xff" * 8192)
    torn = Place("torn", "here", tmp_path / "torn.db")

    assert Sqlite().damage_of(good) == ""
    assert Sqlite().damage_of(orphan) == "a row of child refers to one that is not there"
    assert Sqlite().damage_of(torn) != ""
    with pytest.raises(EngineFailed):
        Sqlite().tables_of(torn)


def test_a_place_of_sqlite_is_a_file() -> None:
    with pytest.raises(EngineFailed):
        Sqlite().tables_of(Place("mysql://somewhere", "a server"))


def test_a_dump_begins_as_database_files_do() -> None:
    engine = engine_called("sqlite 3.40.1")

    assert engine.is_dump(b"SQLite format 3\0 and more", b"")
    assert not engine.is_dump(b"-- MariaDB dump", b"-- Dump completed")
