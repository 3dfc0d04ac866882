"""What is looked at before a database with data in it is changed."""

from datetime import timedelta
from importlib.metadata import version

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.safety import RestorePoint, RestorePoints, RollCall, RunningCode
from guildry.kernel.stepwise import Phase
from guildry.platform.upgrades import actions, queries, rules
from guildry.platform.upgrades.models import Change
from guildry.platform.upgrades.queries import plans
from guildry.platform.upgrades.queries import readiness as looking
from guildry.platform.upgrades.rules import Status, Verdict


def keep(monkeypatch: pytest.MonkeyPatch, *points: RestorePoint | None) -> None:
    """Let somebody keep these states to go back to."""
    keepers = [
        RestorePoints(str(number), lambda point=point: point)  # type: ignore[misc]  # the default binds it
        for number, point in enumerate(points)
    ]
    monkeypatch.setattr(looking, "RESTORE_POINTS", keepers)


def aged(name: str, hours: float) -> RestorePoint:
    return RestorePoint(name, clock.now() - timedelta(hours=hours))


def test_without_anybody_who_keeps_copies_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch)

    assert queries.restore_point() == (None, "nothing here keeps copies of the data to go back to")


def test_a_keeper_without_a_proven_copy_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, None)

    assert queries.restore_point() == (None, "no copy of the data was made and proven yet")


def test_a_copy_of_yesterday_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, aged("old", 24.5))

    point, trouble = queries.restore_point()

    assert point is None
    assert trouble.startswith("the newest proven copy of the data, old, is of ")


def test_the_newest_fresh_copy_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, aged("noon", 12), None, aged("evening", 2))

    point = queries.restore_point()[0]

    assert point is not None
    assert point.name == "evening"


def test_a_keeper_whose_tables_are_not_there_yet_is_said_to_be_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> RestorePoint:
        raise DatabaseError("no such table")

    monkeypatch.setattr(looking, "RESTORE_POINTS", [RestorePoints("backups", fail)])

    assert queries.restore_point() == (None, "backups cannot be asked: no such table")


def test_a_disk_has_room_for_two_copies_or_too_little() -> None:
    assert rules.has_room(200, 100) is True
    assert rules.has_room(199, 100) is False


@pytest.mark.django_db
def test_everything_but_the_copy_is_good_on_a_quiet_database(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, aged("evening", 2))

    checks = queries.preflight()

    assert [check for check in checks if check.verdict == Verdict.FAIL] == []
    assert checks[0].name == "restore point"
    assert len(checks) == (2 if connection.vendor == "sqlite" else 5)


@pytest.mark.django_db(transaction=True)
def test_a_run_wants_a_copy_of_the_data_and_writes_down_which(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch)
    actions.roll_back(SYSTEM, app="seeds", name="zero", reason="A test")
    with pytest.raises(actions.Unprepared, match="nothing here keeps copies"):
        actions.bring_up_to_date(SYSTEM, backup=actions.Backup.FOR_EVERYTHING)
    assert ("seeds", "0001_initial") not in MigrationRecorder(connection).applied_migrations()
    keep(monkeypatch, aged("evening", 2))

    outcome = actions.bring_up_to_date(SYSTEM, backup=actions.Backup.FOR_EVERYTHING)

    change = Change.objects.get(app="seeds", direction="forward", status=Status.DONE)
    assert (outcome.done, change.restore_point) == (["seeds.0001_initial"], "evening")


@pytest.mark.django_db(transaction=True)
def test_a_start_goes_on_without_a_copy_where_it_can_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch)
    actions.roll_back(SYSTEM, app="seeds", name="zero", reason="A test")

    assert actions.bring_up_to_date(SYSTEM).done == ["seeds.0001_initial"]


@pytest.mark.django_db
def test_what_contracts_waits_for_a_copy_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch)
    MigrationRecorder(connection).record_unapplied("seeds", "0001_initial")
    executor = MigrationExecutor(connection)
    migration = executor.loader.disk_migrations["seeds", "0001_initial"]
    monkeypatch.setattr(migration, "phase", Phase.CONTRACT, raising=False)
    monkeypatch.setattr(migration, "after_hours", 0, raising=False)

    assert queries.split(executor).due == []
    assert queries.split(executor).waiting == [
        (migration, "nothing here keeps copies of the data to go back to")
    ]
    assert queries.split(executor, without_backup=True).due == [migration]
    keep(monkeypatch, aged("evening", 2))
    assert queries.split(executor).due == [migration]


def contracting(monkeypatch: pytest.MonkeyPatch) -> MigrationExecutor:
    """Have a migration that contracts wait for nothing but those who run the release before."""
    keep(monkeypatch, aged("evening", 2))
    MigrationRecorder(connection).record_unapplied("seeds", "0001_initial")
    executor = MigrationExecutor(connection)
    migration = executor.loader.disk_migrations["seeds", "0001_initial"]
    monkeypatch.setattr(migration, "phase", Phase.CONTRACT, raising=False)
    monkeypatch.setattr(migration, "after_hours", 0, raising=False)
    monkeypatch.setattr(migration, "dependencies", [("timeline", "0001_initial")])
    return executor


def running(monkeypatch: pytest.MonkeyPatch, release: str, hours: float) -> None:
    process = RunningCode("web-1", release, clock.now() - timedelta(hours=hours))
    monkeypatch.setattr(plans, "ROLL_CALLS", [RollCall("trial", lambda: [process])])


@pytest.mark.django_db
def test_what_contracts_waits_while_the_release_before_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    executor = contracting(monkeypatch)
    running(monkeypatch, "0.0.9", hours=72)

    (waiting,) = queries.split(executor).waiting

    assert waiting[1].startswith("web-1 still runs release 0.0.9, since ")


@pytest.mark.django_db
@pytest.mark.parametrize(("release", "hours"), [(version("guildry"), 72), ("0.0.9", -1)])
def test_processes_of_this_release_or_younger_than_the_change_are_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch, release: str, hours: float
) -> None:
    executor = contracting(monkeypatch)
    running(monkeypatch, release, hours)

    assert queries.split(executor).waiting == []


@pytest.mark.django_db
def test_what_contracts_waits_when_nobody_can_say_who_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[RunningCode]:
        raise DatabaseError("no such table")

    executor = contracting(monkeypatch)
    monkeypatch.setattr(plans, "ROLL_CALLS", [RollCall("trial", fail)])

    (waiting,) = queries.split(executor).waiting

    assert waiting[1] == "nobody can say who runs the release before: no such table"
