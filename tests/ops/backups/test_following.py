"""Somebody keeps what is written between backups: as it is set, one at a time, going on where it was left off."""

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from guildry.kernel import clock, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing
from guildry.ops.backups import actions, archive, engines, queries, tasks
from guildry.ops.backups.engines import EngineFailed, Sqlite, sqlite
from guildry.ops.backups.models import Backup
from guildry.ops.backups.queries import LogStatus
from guildry.ops.backups.rules import State
from guildry.people.accounts.models import Member
from guildry.platform.lifecycle.actions import Leadership, hold_lease


@pytest.fixture
def line(backups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A connection to a database whose log is kept, wherever the suite runs."""
    path = tmp_path / "live.db"
    monkeypatch.setattr(sqlite, "_live", lambda: path)
    monkeypatch.setattr(engines, "engine_of", lambda vendor: Sqlite())
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("CREATE TABLE notes (words TEXT)")
        yield opened


def turns(count: int, between: Callable[[], Any] = lambda: None) -> Callable[[float], bool]:
    left = iter(range(count))

    def is_over(seconds: float) -> bool:
        between()
        return next(left, None) is None

    return is_over


def records() -> list[archive.Record]:
    [*_, last] = archive.chains(queries.log_folder(), queries.known_signers())
    return [each.record for each in last]


def say(*, ago: float = 0, behind: float = 0, problem: str = "") -> None:
    queries.spool_folder().mkdir(parents=True, exist_ok=True)
    at = clock.now() - timedelta(seconds=ago)
    queries.tell_log_status(
        LogStatus(at, at - timedelta(seconds=behind), at - timedelta(hours=1), 9, problem)
    )


def test_what_is_written_is_kept_and_where_it_stands_is_said(line: sqlite3.Connection) -> None:
    write = lambda: line.execute("INSERT INTO notes VALUES ('a note')")  # noqa: E731 - one call in the tests

    count = actions.follow_log(SYSTEM, is_over=turns(3, write))

    status = queries.log_status()
    assert status
    assert (count, status.records, status.problem) == (5, 5, "")
    assert [record.number for record in records()] == [1, 2, 3, 4, 5]
    assert records()[-1].is_empty
    assert queries.kept_since() == status.since


def test_the_next_one_goes_on_where_it_was_left_off(line: sqlite3.Connection) -> None:
    actions.follow_log(SYSTEM, is_over=turns(1))
    first = queries.kept_since()
    line.execute("INSERT INTO notes VALUES ('a note')")
    actions.follow_log(SYSTEM, is_over=turns(1))

    assert queries.kept_since() == first
    assert len({record.chain for record in records()}) == 1


def test_a_quiet_minute_leaves_a_record_that_says_so(line: sqlite3.Connection) -> None:
    began = clock.now()
    minutes = iter(range(10))
    actions.follow_log(SYSTEM, is_over=turns(1))
    before = len(records())

    def is_over(seconds: float) -> bool:
        return next(minutes) > 1

    with clock.at(began + timedelta(minutes=2)):
        actions.follow_log(SYSTEM, is_over=is_over)

    assert [record.is_empty for record in records()[before:]] == [True, True]


def test_only_one_keeps_it_and_nobody_without_leave_or_recipients(
    line: sqlite3.Connection, ada: Member
) -> None:
    with pytest.raises(PermissionMissing):
        actions.follow_log(ada, is_over=turns(1))
    with runtime.overridden({"backup.recipients": ()}), pytest.raises(actions.NoRecipients):
        actions.follow_log(SYSTEM, is_over=turns(1))
    queries.log_folder().mkdir(parents=True)
    with (queries.log_folder() / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(actions.LogBusy):
            actions.follow_log(SYSTEM, is_over=turns(1))


def test_a_database_without_a_log_says_so(line: sqlite3.Connection) -> None:
    line.execute("PRAGMA journal_mode=DELETE")

    with pytest.raises(EngineFailed, match="keeps no log"):
        actions.follow_log(SYSTEM, is_over=turns(1))


def test_whether_a_log_is_kept_is_a_setting(backups: Path) -> None:
    with pytest.raises(RuntimeError, match="nobody keeps"):
        queries.log_health()
    with runtime.overridden({"backup.log": False}):
        assert queries.log_health().detail == "nothing is kept between backups"
    with runtime.overridden({"backup.recipients": ()}):
        assert queries.log_health().detail == "nothing is kept between backups"


def test_health_says_how_far_behind_the_log_is(backups: Path) -> None:
    say(behind=2)
    assert queries.log_health().value == pytest.approx(2, abs=1)
    for status, why in (
        ({"behind": 20}, "what was written in the last 20 seconds is not kept yet"),
        ({"problem": "the disk is full"}, "the disk is full"),
        ({"ago": 30}, "nobody keeps"),
    ):
        say(**status)
        with pytest.raises(RuntimeError, match=why):
            queries.log_health()
    hold_lease(SYSTEM, name=queries.LOG_LEASE, holder="tower:77:abc", seconds=60)
    assert queries.log_health().detail == "kept by tower"


def test_a_log_that_begins_anew_has_a_backup_ordered_at_once(made: Backup) -> None:
    say()
    Backup.objects.filter(pk=made.pk).update(finished_at=clock.now() - timedelta(hours=2))

    with runtime.overridden({"backup.every": timedelta(days=7), "backup.drill_every": timedelta(days=90)}):
        assert queries.wants_base()
        Backup.objects.filter(pk=made.pk).update(finished_at=clock.now())
        assert not queries.wants_base()
        Backup.objects.filter(pk=made.pk).update(finished_at=clock.now() - timedelta(hours=2))
        failed = Backup.objects.create(name="failed", state=State.FAILED, ordered_at=clock.now())
        assert not queries.wants_base()
        failed.delete()
        say(ago=60)
        assert not queries.wants_base()


def test_the_first_backup_waits_for_the_log_but_not_for_long(backups: Path) -> None:
    keeper = tasks.Keeper(Leadership("backups.test", 60.0))

    assert keeper._waits_for_log()
    say()
    assert not keeper._waits_for_log()
    say(ago=60)
    keeper._waits_until = time.monotonic() - 1
    assert not keeper._waits_for_log()


@pytest.mark.processes
def test_whoever_keeps_the_log_is_begun_again_and_ends_with_the_setting(
    line: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "guildry.config.settings")
    keeper = tasks.LogKeeper(Leadership("backups.log.test", 60.0))
    keeper.tick()
    first = keeper._child
    assert first
    first.kill()
    first.wait()
    keeper.tick()
    assert (keeper._child, keeper._failures) == (None, 1)
    keeper._not_before = 0.0
    keeper.tick()
    second = keeper._child
    assert second
    with runtime.overridden({"backup.log": False}):
        keeper.tick()

    assert keeper._child is None
    assert second.wait(60) is not None
    keeper.stop(then=lambda: None)


def test_what_nobody_reads_is_held_for_a_while(line: sqlite3.Connection) -> None:
    keeper = tasks.LogKeeper(Leadership("backups.log.test", 60.0))
    keeper._hold_on(True)
    assert keeper._hold is None
    say()
    keeper._hold_on(True)
    held = keeper._hold
    assert held is not None
    keeper._hold_on(True)
    keeper._held_at = time.monotonic() - tasks.FOR_THE_LOG - 1
    keeper._hold_on(True)
    assert keeper._hold is None
    say()
    keeper._hold_on(True)
    keeper._hold_on(False)
    assert keeper._hold is None
    assert settings.DATA_DIR
