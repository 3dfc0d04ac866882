"""Nobody's commit brings the journal over: a thread of its own does, and begins it anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from guildry.config import settings
from guildry.kernel.sqlite import checkpoints
from guildry.kernel.sqlite.checkpoints import Checkpointer

ALIAS = "journal"
HEADERS, PAGE = 32 + 24, 4096
# As many pages as after which SQLite would bring the journal over by itself.
BY_ITSELF = 1_000


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    """A database of the test's own, beside the one that tests share."""
    path = tmp_path / "journal.db"
    with django_db_blocker.unblock():
        connections.settings[ALIAS] = connections["default"].settings_dict | settings._sqlite(str(path))
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("CREATE TABLE notes (text)")
        yield path
        connections[ALIAS].close()
    del connections[ALIAS], connections.settings[ALIAS]


@pytest.fixture
def checkpointer(file: Path) -> Checkpointer:
    return Checkpointer(ALIAS)


def write(times: int = 1) -> None:
    for _ in range(times):
        with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
            cursor.execute("INSERT INTO notes VALUES (zeroblob(3000))")


def journal(file: Path) -> int:
    return file.with_name(f"{file.name}-wal").stat().st_size


def count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as other:
        return int(other.execute("SELECT count(*) FROM notes").fetchone()[0])


def test_a_commit_leaves_the_database_file_alone(file: Path) -> None:
    before = file.stat()

    write(BY_ITSELF)

    assert journal(file) > BY_ITSELF * PAGE
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_a_checkpoint_brings_all_over_and_begins_the_journal_anew(
    file: Path, checkpointer: Checkpointer
) -> None:
    write(20)

    assert checkpointer.checkpoint() is True

    assert journal(file) == HEADERS + PAGE
    assert file.stat().st_size > 20 * 3000
    assert count(file) == 20


def test_what_somebody_still_reads_past_waits_and_nothing_is_lost(
    file: Path, checkpointer: Checkpointer
) -> None:
    write()
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM notes").fetchall()
        write(5)
        assert checkpointer.checkpoint() is False
        assert reader.execute("SELECT count(*) FROM notes").fetchone() == (1,)
        assert count(file) == 6

    assert checkpointer.checkpoint() is True
    assert count(file) == 6


def test_a_journal_is_brought_over_when_it_is_large_or_has_waited(
    file: Path, checkpointer: Checkpointer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(20)
    size = journal(file)
    assert checkpointer.look() is False
    assert journal(file) == size

    monkeypatch.setattr(checkpoints, "LARGE", size)
    checkpointer.look()
    assert journal(file) == HEADERS + PAGE

    write()
    monkeypatch.setattr(checkpoints, "LONGEST_WAIT", 0.0)
    checkpointer.look()
    assert journal(file) == HEADERS + PAGE


def test_a_journal_nobody_wrote_to_is_left_alone(
    file: Path, checkpointer: Checkpointer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    checkpointer.checkpoint()
    monkeypatch.setattr(checkpoints, "LONGEST_WAIT", 0.0)
    before = file.stat().st_mtime_ns

    checkpointer.look()

    assert file.stat().st_mtime_ns == before


def test_without_a_journal_there_is_nothing_to_do(file: Path, checkpointer: Checkpointer) -> None:
    connections[ALIAS].close()

    assert checkpointer.look() is False


def test_it_works_in_a_thread_of_its_own_until_it_is_stopped(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LARGE", 10 * PAGE)
    write(20)
    own = Checkpointer(ALIAS, every=0.01)

    own.start()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=5000")
        while journal(file) > HEADERS + PAGE:
            pass
    own.stop()

    assert count(file) == 20
