"""A backup is ordered with a reason, written, proven, and only then given its name; what fails leaves nothing."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from guildry.kernel import clock, errors, runtime
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.ops.backups import actions, archive, queries
from guildry.ops.backups.models import Backup
from guildry.ops.backups.queries.records import Due
from guildry.ops.backups.rules import State
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from guildry.platform.facts.models import StoredFact
from tests.factories.backups import KEYS, REASON, make_backup, set_up
from tests.factories.people import grant


def facts() -> list[str]:
    rows = StoredFact.objects.filter(name__startswith="backups.").order_by("id")
    return list(rows.values_list("name", flat=True))


def lying(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_holds_database_uploads_and_secrets_sealed_to_the_recipients(living: Path) -> None:
    made = make_backup()
    path = queries.path_of(made.name)
    manifest = queries.manifest_at(path)

    assert lying(path) == [
        manifest.parts[0].name, "manifest.json", "manifest.sig", "media.1.tar.zst.age", "secrets.tar.zst.age",
    ]  # fmt: skip
    assert manifest.recipients == tuple(str(key.to_public()) for key in KEYS)
    assert (manifest.media.objects, manifest.media.bytes) == (2, 10_000)
    assert manifest.secrets == ("metrics_token",)
    assert {table.name: table.rows for table in manifest.tables}["accounts_member"] == 1
    assert "backups.0001_initial" in manifest.migrations


def test_the_record_says_what_was_made(living: Path) -> None:
    made = make_backup()
    made.refresh_from_db()

    assert (made.state, made.reason, made.failure) == (State.VERIFIED, REASON, "")
    assert made.byte_count > 1000
    assert made.row_count > 100
    assert made.object_count == 2
    assert made.seconds > 0
    assert made.verified_at is not None
    assert facts() == ["backups.BackupOrdered", "backups.BackupMade"]


@pytest.mark.parametrize("key", KEYS)
def test_each_recipient_opens_all_of_it(living: Path, key: archive.Identity) -> None:
    made = make_backup()
    report = queries.examined(queries.path_of(made.name), signers=queries.known_signers(), identities=[key])

    assert (report.findings, report.is_opened) == ((), True)


def test_nothing_readable_is_left_beside_it(living: Path) -> None:
    made = make_backup()
    assert lying(living) == [".lock", f"{made.name}.gbk"]
    assert lying(queries.work_folder()) == []
    assert living.stat().st_mode & 0o077 == 0
    assert not any(b"SQLite format" in path.read_bytes() for path in living.rglob("*") if path.is_file())


def test_uploads_are_cut_into_parts(living: Path) -> None:
    big = Path(settings.FILES_ROOT) / "big"
    big.write_bytes(b"x" * 1_100_000)
    with runtime.overridden({"backup.part_size": 1}):
        made = make_backup()

    names = [part.name for part in queries.manifest_at(queries.path_of(made.name)).parts]
    assert names[1:3] == ["media.1.tar.zst.age", "media.2.tar.zst.age"]


def test_a_backup_needs_a_reason_and_the_permission(backups: Path, ada: Member, ben: Member) -> None:
    auditor = grant(ben, StaffRole.AUDITOR, by=ada)

    with pytest.raises(errors.Invalid):
        actions.order_backup(SYSTEM, reason=" ")
    with pytest.raises(PermissionMissing):
        actions.order_backup(auditor, reason=REASON)

    assert not Backup.objects.exists()


def test_nothing_is_made_that_nobody_could_open(backups: Path) -> None:
    with runtime.overridden({"backup.recipients": ()}), pytest.raises(actions.NoRecipients):
        actions.order_backup(SYSTEM, reason=REASON)

    assert not Backup.objects.exists()


def test_an_order_stands_in_the_trail_with_its_reason(
    backups: Path, ada: Member, ben: Member, deliver: Callable[[], int]
) -> None:
    operator = grant(ben, StaffRole.OPERATOR, by=ada)

    ordered = actions.order_backup(operator, reason=REASON, wants_drill=True)
    deliver()

    entry = Entry.objects.get(name="backups.BackupOrdered")
    assert (entry.actor_id, entry.reason, entry.subject) == (operator.pk, REASON, "backups")
    assert (ordered.state, ordered.wants_drill, ordered.ordered_by_id) == (State.ORDERED, True, operator.pk)


def test_what_fails_says_why_and_leaves_nothing(living: Path) -> None:
    ordered = actions.order_backup(SYSTEM, reason=REASON)
    living.mkdir()
    (living / f"{ordered.name}.gbk").mkdir()
    (living / f"{ordered.name}.gbk" / "something").touch()

    with pytest.raises(actions.BackupFailed, match="not empty"):
        actions.make_backup(SYSTEM, backup=ordered)

    ordered.refresh_from_db()
    assert (ordered.state, "not empty" in ordered.failure) == (State.FAILED, True)
    assert lying(living) == [".lock", f"{ordered.name}.gbk"]
    assert lying(queries.work_folder()) == []
    assert facts() == ["backups.BackupOrdered", "backups.BackupFailed"]


def test_only_one_works_on_backups_at_a_time(made: Backup, backups: Path) -> None:
    import fcntl

    ordered = actions.order_backup(SYSTEM, reason=REASON)
    with (backups / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(actions.FolderBusy):
            actions.make_backup(SYSTEM, backup=ordered)

    ordered.refresh_from_db()
    assert ordered.state == State.ORDERED


def test_what_a_killed_process_left_is_cleared_away(living: Path) -> None:
    cut_off = actions.order_backup(SYSTEM, reason=REASON)
    Backup.objects.filter(pk=cut_off.pk).update(state=State.MAKING)
    for leftover in (living / f".partial-{cut_off.name}", queries.work_folder() / cut_off.name):
        leftover.mkdir(parents=True)
        (leftover / "copy.db").touch()

    made = make_backup()

    cut_off.refresh_from_db()
    assert (cut_off.state, cut_off.failure) == (State.FAILED, "the process that made it ended")
    assert lying(living) == [".lock", f"{made.name}.gbk"]
    assert lying(queries.work_folder()) == []


def test_a_backup_that_has_its_name_but_not_its_record_is_adopted(made: Backup, backups: Path) -> None:
    Backup.objects.filter(pk=made.pk).update(state=State.MAKING, signer="")

    actions.drop_leftovers(SYSTEM)

    made.refresh_from_db()
    assert (made.state, made.row_count > 100) == (State.MADE, True)


def test_backups_that_lie_in_the_folder_come_on_record(made: Backup, backups: Path) -> None:
    Backup.objects.all().delete()
    shutil.copytree(backups / f"{made.name}.gbk", backups / "20200101T000000Z-copied.gbk")
    (backups / "nothing.gbk").mkdir()

    found = actions.adopt_folder(SYSTEM)

    assert [(each.name, each.state, each.reason) for each in found] == [
        (made.name, State.MADE, "found in the folder")
    ]
    assert actions.adopt_folder(SYSTEM) == []


def test_the_next_backup_is_due_when_the_newest_proven_one_is_old_enough(made: Backup, backups: Path) -> None:
    later = clock.now() + timedelta(hours=23, minutes=50)

    assert queries.what_is_due() == Due(backup=False, drill=False)
    with clock.at(clock.now() + timedelta(hours=2)):
        assert queries.what_is_due() == Due(backup=False, drill=True)
    with clock.at(later):
        assert not queries.what_is_due().backup
        with runtime.overridden({"backup.every": timedelta(hours=23)}):
            assert queries.what_is_due().backup
        with runtime.overridden({"backup.recipients": ()}):
            assert queries.what_is_due() == Due(backup=False, drill=False)


def test_a_backup_that_failed_is_tried_again_after_an_hour(backups: Path) -> None:
    failed = actions.order_backup(SYSTEM, reason=REASON)
    Backup.objects.filter(pk=failed.pk).update(state=State.FAILED)

    assert not queries.what_is_due().backup
    with clock.at(clock.now() + timedelta(hours=1)):
        assert queries.what_is_due().backup


def test_another_folder_is_used_when_it_is_set(tmp_path: Path, living: Path) -> None:
    with set_up(tmp_path / "elsewhere"):
        made = make_backup()

    assert (tmp_path / "elsewhere" / f"{made.name}.gbk").is_dir()
    with runtime.overridden({"backup.folder": ""}):
        assert queries.folder() == Path(settings.DATA_DIR) / "backups"
