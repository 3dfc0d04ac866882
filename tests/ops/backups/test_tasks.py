"""What is due is ordered and done by a process of its own, and health says when nothing proven is young enough."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guildry.kernel import clock, points, runtime
from guildry.kernel.safety import RestorePoint
from guildry.ops.backups import queries, tasks
from guildry.ops.backups.models import Backup, Drill
from guildry.ops.backups.rules import State
from guildry.platform.lifecycle.actions import Leadership


def passed(backup: Backup, *, days: int = 0) -> Drill:
    return Drill.objects.create(
        backup=backup, place="here", is_passed=True, seconds=1, finished_at=clock.now() - timedelta(days=days)
    )


def test_the_first_backup_is_due_at_once_with_a_drill(backups: Path) -> None:
    assert tasks.order_due()
    assert not tasks.order_due()

    ordered = Backup.objects.get()
    assert (ordered.state, ordered.wants_drill, ordered.reason) == (State.ORDERED, True, tasks.SCHEDULED)


def test_nothing_is_ordered_while_backups_are_not_set_up(backups: Path) -> None:
    with runtime.overridden({"backup.recipients": ()}):
        assert not tasks.order_due()


def test_how_often_a_drill_is_due_is_a_setting(made: Backup) -> None:
    passed(made, days=2)
    with clock.at(clock.now() + timedelta(hours=2)):
        assert not queries.what_is_due().drill
        with runtime.overridden({"backup.drill_every": timedelta(days=1)}):
            assert queries.what_is_due().drill


@pytest.mark.processes
def test_a_keeper_that_is_stopped_ends_its_process(backups: Path) -> None:
    keeper = tasks.Keeper(Leadership("backups.test", 60.0))
    outcome: list[int] = []
    running = threading.Thread(target=lambda: outcome.append(keeper._run(lambda: True)))
    running.start()
    while keeper._child is None:
        time.sleep(0.01)
    assert os.getpriority(os.PRIO_PROCESS, keeper._child.pid) >= tasks.GENTLY

    keeper.stop(then=lambda: running.join(20))

    assert outcome == [-15]
    keeper.stop(then=lambda: outcome.append(0))
    assert outcome == [-15, 0]


def test_whoever_does_not_lead_does_nothing(backups: Path) -> None:
    class Follower(Leadership):
        def holds(self) -> bool:
            return False

    assert not tasks.Keeper(Follower("backups.test", 60.0)).tick()
    assert not Backup.objects.exists()


def test_health_tells_the_age_of_the_newest_verified_backup(made: Backup) -> None:
    passed(made)

    with clock.at(clock.now() + timedelta(hours=3)):
        seen = queries.health()

    assert seen.detail == "the newest verified backup is 3 hours old"
    assert seen.value == pytest.approx(3 * 3600, abs=60)


def test_health_fails_when_backup_or_drill_is_too_old(made: Backup) -> None:
    with pytest.raises(RuntimeError, match="no drill passed yet"):
        queries.health()
    passed(made, days=9)
    with pytest.raises(RuntimeError, match="the last drill that passed was 9 days ago"):
        queries.health()
    with runtime.overridden({"backup.max_drill_age": timedelta(days=11)}):
        queries.health()
        with clock.at(clock.now() + timedelta(hours=27)):
            with pytest.raises(RuntimeError, match="the newest verified backup is 1 day old"):
                queries.health()
            with runtime.overridden({"backup.max_age": timedelta(hours=30)}):
                queries.health()


def test_health_fails_until_something_was_verified(backups: Path) -> None:
    with pytest.raises(RuntimeError, match="no backup was verified yet"):
        queries.health()


def test_a_public_site_without_backups_is_not_healthy(backups: Path, settings: Any) -> None:
    with runtime.overridden({"backup.recipients": ()}):
        assert queries.health().detail == "no backups are set up"
        settings.IS_SECURE = True
        with pytest.raises(RuntimeError, match=r"backup\.recipients names nobody"):
            queries.health()


def test_a_migration_finds_the_newest_verified_backup_as_its_restore_point(made: Backup) -> None:
    found = points.RESTORE_POINTS["backups"].newest()

    assert found == RestorePoint(made.name, made.finished_at or made.ordered_at)
    Backup.objects.update(state=State.DAMAGED)
    assert points.RESTORE_POINTS["backups"].newest() is None


@pytest.mark.parametrize(
    ("value", "refused"),
    [((), False), (("age1wrong", "age1more"), True), (("same", "same"), True)],
)
def test_recipients_are_checked_before_they_are_taken(value: tuple[str, ...], refused: bool) -> None:
    check = points.RUNTIME_SETTINGS["backup.recipients"].check
    assert check is not None

    assert bool(check(value)) is refused
