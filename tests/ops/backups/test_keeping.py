"""What is over goes, what is held or proven last stays, and both are acts."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from guildry.kernel import clock, errors, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing
from guildry.ops.backups import actions, queries
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import State
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from tests.factories.backups import REASON, claim, put_on_record

FEW = {
    "backup.keep_days": 1,
    "backup.keep_weeks": 0,
    "backup.keep_months": 0,
    "backup.untouched": timedelta(0),
}


@pytest.fixture
def two(sealed: Path, backups: Path) -> list[Backup]:
    """Two backups of the last days, one day apart."""
    found = []
    for number, days in enumerate((3, 2)):
        at = clock.now() - timedelta(days=days)
        name = f"{at:%Y%m%dT%H%M%SZ}-abcde{number}"
        shutil.copytree(sealed, queries.path_of(name))
        claim(queries.path_of(name), name=name, started=at.isoformat(), finished=at.isoformat())
        found.append(put_on_record(name, state=State.VERIFIED, at=at))
    return found


def names(backups: list[Backup]) -> list[str]:
    return [each.name for each in backups]


def test_what_is_over_goes_from_folder_and_record(
    two: list[Backup], backups: Path, deliver: Callable[[], int]
) -> None:
    with runtime.overridden(FEW):
        gone = actions.prune_backups(SYSTEM, reason=REASON)
    deliver()

    assert names(gone) == [two[0].name]
    assert sorted(path.name for path in backups.iterdir()) == [".lock", f"{two[1].name}.gbk"]
    assert Backup.objects.get(pk=two[0].pk).state == State.PRUNED
    assert Entry.objects.get(name="backups.BackupPruned").subject == f"backup:{two[0].name}"


def test_the_last_verified_one_never_goes(two: list[Backup]) -> None:
    Backup.objects.filter(pk=two[1].pk).update(state=State.DAMAGED)

    with runtime.overridden(FEW):
        assert actions.prune_backups(SYSTEM, reason=REASON) == []
        assert queries.to_prune()[1][two[0].name] == ["the newest that was verified"]


def test_each_setting_of_retention_keeps_what_it_says(two: list[Backup]) -> None:
    for change, kept in (
        ({"backup.keep_days": 2}, 2),
        ({"backup.untouched": timedelta(days=4)}, 2),
        ({}, 1),
    ):
        with runtime.overridden({**FEW, **change}):
            gone, reasons = queries.to_prune()
        assert (len(reasons), len(gone)) == (kept, 2 - kept)
    for setting, label in (("backup.keep_weeks", "week"), ("backup.keep_months", "month")):
        with runtime.overridden({**FEW, setting: 1}):
            assert any(label in why for why in queries.to_prune()[1][two[1].name])


def test_what_is_held_stays_until_it_is_let_go(two: list[Backup], deliver: Callable[[], int]) -> None:
    actions.hold_backup(SYSTEM, backup=two[0], reason="A court asked for it.")
    with runtime.overridden(FEW):
        assert actions.prune_backups(SYSTEM, reason=REASON) == []
        actions.hold_backup(SYSTEM, backup=two[0], reason="The case is closed.", is_held=False)
        assert len(actions.prune_backups(SYSTEM, reason=REASON)) == 1
    deliver()

    entries = Entry.objects.filter(name="backups.BackupHeld").order_by("seq")
    assert [entry.reason for entry in entries] == ["A court asked for it.", "The case is closed."]


def test_keeping_needs_the_permission_and_a_reason(two: list[Backup], ada: Member) -> None:
    with pytest.raises(PermissionMissing):
        actions.prune_backups(ada, reason=REASON)
    with pytest.raises(PermissionMissing):
        actions.hold_backup(ada, backup=two[0], reason=REASON)
    with runtime.overridden(FEW), pytest.raises(errors.Invalid):
        actions.prune_backups(SYSTEM, reason="")

    assert Backup.objects.filter(state=State.VERIFIED).count() == 2
    assert queries.path_of(two[0].name).is_dir()


def test_a_backup_that_somebody_deleted_by_hand_goes_from_the_record(two: list[Backup]) -> None:
    queries.path_of(two[0].name).rename(queries.path_of(two[0].name).with_suffix(".aside"))

    with runtime.overridden(FEW):
        assert names(actions.prune_backups(SYSTEM, reason=REASON)) == [two[0].name]


def test_the_log_goes_when_its_days_are_over(two: list[Backup]) -> None:
    folder = queries.log_folder()
    folder.mkdir()
    old, newer, newest = (folder / f"2026072{day}T08-abcdefab-00000001.gbl" for day in (1, 2, 3))
    for file, days in ((old, 9), (newer, 5), (newest, 4)):
        file.touch()
        moment = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))

    actions.prune_backups(SYSTEM, reason=REASON)
    assert [old.exists(), newer.exists(), newest.exists()] == [False, True, True]
    with runtime.overridden({"backup.log_days": 1}):
        actions.prune_backups(SYSTEM, reason=REASON)

    assert [newer.exists(), newest.exists()] == [False, True]
