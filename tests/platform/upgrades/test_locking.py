"""One process changes the schema at a time, and others can see who that is."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import load_backend

from guildry.platform.upgrades.executor import locking, shadows


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Any]:
    settings = {**shadows.SQLITE, "NAME": str(tmp_path / "trial.db")}
    connection = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "trial")
    yield connection
    connection.close()


def test_nobody_is_at_work_on_a_database_that_nobody_changes(database: Any) -> None:
    assert locking.at_work(database) == ""
    with locking.alone(database, wait=0):
        pass
    assert locking.at_work(database) == ""


def test_whoever_changes_a_database_is_seen(database: Any) -> None:
    with locking.alone(database, wait=0):
        assert locking.at_work(database) == f"process {os.getpid()}"


def test_looking_does_not_keep_anybody_from_beginning(database: Any) -> None:
    with locking.alone(database, wait=0):
        pass
    locking.at_work(database)

    with locking.alone(database, wait=0):
        assert locking.at_work(database) != ""


def test_a_second_one_is_told_who_the_first_is(database: Any) -> None:
    with (
        locking.alone(database, wait=0),
        pytest.raises(locking.Busy, match=str(os.getpid())),
        locking.alone(database, wait=0),
    ):
        pass
