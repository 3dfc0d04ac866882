"""A database whose tables were changed by hand is noticed at the start and by the site that runs."""

import sqlite3
from contextlib import closing

import pytest

from tests.processes.serving import Starter, _ready_line, until

pytestmark = pytest.mark.processes
OF_SEVERAL_COLUMNS = (
    "SELECT m.name FROM sqlite_master m WHERE m.type = 'index' AND m.tbl_name = 'timeline_post' AND m.sql IS NOT NULL "
    "AND (SELECT COUNT(*) FROM pragma_index_info(m.name)) > 1 ORDER BY m.name LIMIT 1"
)


def said_of(status: str) -> str:
    return f'"dependency":"schema","status":"{status}"'


def asked(start: Starter, *statements: str) -> None:
    with closing(sqlite3.connect(start.data / "guildry.db", timeout=30)) as database:
        for sql in statements:
            database.execute(sql)
        database.commit()


def test_a_dropped_index_is_said_at_the_start_and_on_the_board_and_can_be_mended(
    start: Starter,
) -> None:
    with closing(sqlite3.connect(start.data / "guildry.db")) as database:
        [(index,)] = database.execute(OF_SEVERAL_COLUMNS)
    asked(start, f'DROP INDEX "{index}"')

    site = start.begin()
    site.origin = until(lambda: _ready_line(site), "the site answers", site)["origin"]
    until(lambda: said_of("warn") in site.said, "the board warns", site, within=120)
    said = until(lambda: "the schema drifted" in site.said and site.said, "the drift is in the log", site)
    told = start.run("schema", "drift", code=4)

    assert "index timeline_post." in said
    assert "is missing" in told
    asked(start, *(line for line in told.splitlines() if line and not line.startswith("--")))
    until(
        lambda: said_of("pass") in site.said,
        "the board has nothing against it once it is mended",
        site,
        within=120,
    )
    assert start.run("schema", "drift") == "The tables are as this release wants them.\n"
    assert site.stop() == 0
