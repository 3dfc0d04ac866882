"""The community goes on from a backup, or nothing at all was changed."""

import fcntl
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connection

from guildry.kernel import errors, points
from guildry.kernel.permissions import SYSTEM, PermissionMissing, StaffRole
from guildry.kernel.safety import AfterRestore
from guildry.ops.backups import actions, archive, engines, queries, tasks
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import Kind, State
from guildry.people.accounts.models import Member
from guildry.platform.audit.models import Entry
from tests.factories.backups import KEYS, REASON, claim, make_backup
from tests.factories.people import grant, make_member


def restore(path: Path, **more: object) -> actions.Restored:
    return actions.restore_backup(SYSTEM, path=path, identities=[KEYS[1]], reason=REASON, **more)  # type: ignore[arg-type]


def refused(path: Path) -> list[Kind]:
    with pytest.raises(actions.NotRight) as refusal:
        restore(path)
    return [finding.kind for finding in refusal.value.report.findings]


def leave_note(made: Backup) -> None:
    at = "2026-07-21T08:00:00+00:00"
    note = {"name": made.name, "reason": REASON, "path": "/nowhere", "at": at, "of": at}
    (data() / "restored.json").write_text(json.dumps(note))


def handles() -> list[str]:
    return list(Member.objects.order_by("handle").values_list("handle", flat=True))


def data() -> Path:
    return Path(settings.DATA_DIR)


@pytest.fixture
def path(living: Path) -> Path:
    """Where a backup lies that was made before everything went wrong."""
    made = make_backup()
    make_member("mallory", "Mallory")
    (data() / "files" / "note").write_bytes(b"somebody wrote over it")
    (data() / "files" / "new").touch()
    (data() / "metrics_token").write_text("another token")
    return queries.path_of(made.name)


def test_everything_is_as_it_was_and_what_was_there_lies_aside(
    path: Path, deliver: Callable[[], int]
) -> None:
    done = restore(path)

    assert handles() == ["ada"]
    assert (data() / "files" / "note").read_bytes() == b""
    assert not (data() / "files" / "new").exists()
    assert (data() / "metrics_token").read_text() == "a token that collects figures"
    assert (done.aside / "files" / "note").read_bytes() == b"somebody wrote over it"
    assert (done.aside / "metrics_token").read_text() == "another token"
    assert (done.files, done.is_current) == (2, True)
    assert list(queries.work_folder().iterdir()) == []
    deliver()
    entry = Entry.objects.get(name="backups.DataRestored")
    assert (entry.reason, entry.subject) == (REASON, f"backup:{path.stem}")
    assert Backup.objects.get().state == State.VERIFIED


def test_a_backup_from_elsewhere_is_on_record_as_not_lying_here(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / path.name
    shutil.move(path, elsewhere)

    restore(elsewhere)

    assert [(each.name, each.state) for each in Backup.objects.all()] == [(path.stem, State.PRUNED)]


def test_whoever_signed_is_named_when_the_site_does_not_know_them(path: Path) -> None:
    payload = (path / archive.MANIFEST).read_bytes()
    (path / archive.SIGNATURE).write_bytes(archive.signed(payload, "the site that burnt"))

    assert refused(path) == [Kind.UNKNOWN_SIGNER]
    restore(path, signers=frozenset({archive.public_key_of("the site that burnt")}))

    assert handles() == ["ada"]


def test_a_backup_that_is_not_right_changes_nothing(path: Path) -> None:
    (path / "more.age").touch()

    assert refused(path) == [Kind.PART_EXTRA]

    assert handles() == ["ada", "mallory"]
    assert (data() / "files" / "new").exists()
    assert not list(data().glob("before-restore-*"))


def test_rows_and_uploads_are_compared_before_anything_is_swapped(path: Path) -> None:
    manifest = queries.manifest_at(path)
    tables = (*manifest.tables, archive.Table("timeline_lost", 3, ""))
    claim(path, tables=tables, media=msgspec.structs.replace(manifest.media, merkle="ab" * 32))

    assert refused(path) == [Kind.TABLE_MISSING, Kind.MEDIA_MISMATCH]

    assert handles() == ["ada", "mallory"]
    assert list(queries.work_folder().iterdir()) == []


def test_a_key_that_does_not_fit_changes_nothing(path: Path) -> None:
    with pytest.raises(actions.NotRight, match="no-recipient-key"):
        actions.restore_backup(SYSTEM, path=path, identities=[archive.new_identity()], reason=REASON)

    assert handles() == ["ada", "mallory"]


def test_a_backup_of_another_engine_is_refused(path: Path) -> None:
    other = "sqlite 3.99" if connection.vendor == "mysql" else "mariadb 10.11.19"
    claim(path, engine=other)
    manifest = queries.manifest_at(path)
    claim(path, parts=tuple(part for part in manifest.parts if part.kind != "database"))
    (path / manifest.parts[0].name).unlink()

    with pytest.raises(errors.Conflict, match="another kind of database"):
        restore(path)


def test_nothing_is_restored_while_the_site_runs(path: Path) -> None:
    with (data() / "guildry.pid").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        with pytest.raises(actions.SiteRuns):
            restore(path)

    assert handles() == ["ada", "mallory"]


def test_restoring_takes_an_administrator_and_a_reason(path: Path, ada: Member, ben: Member) -> None:
    operator = grant(ada, StaffRole.OPERATOR, by=ben)

    with pytest.raises(PermissionMissing):
        actions.restore_backup(operator, path=path, identities=[KEYS[0]], reason=REASON)
    with pytest.raises(errors.Invalid):
        actions.restore_backup(SYSTEM, path=path, identities=[KEYS[0]], reason=" ")


def test_what_was_restored_is_written_down_when_the_schema_is_that_of_the_program(made: Backup) -> None:
    leave_note(made)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM django_migrations WHERE app = 'backups'")
        [(row,)] = cursor.fetchall()
        cursor.execute("UPDATE django_migrations SET app = 'later' WHERE id = %s", [row])
        assert not actions.record_restore(SYSTEM)
        cursor.execute("UPDATE django_migrations SET app = 'backups' WHERE id = %s", [row])

    assert actions.record_restore(SYSTEM)
    assert actions.record_restore(SYSTEM)

    assert not (data() / "restored.json").exists()
    made.refresh_from_db()
    assert made.state == State.VERIFIED


def test_what_was_swapped_is_put_back_when_the_database_cannot_be(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engines.engine_of(connection.vendor)

    def fail(*arguments: object) -> str:
        raise engines.EngineFailed("the disk is full")

    monkeypatch.setattr(type(engine), "swap", fail)

    with pytest.raises(actions.NotRight, match="the disk is full"):
        restore(path)

    assert (data() / "files" / "note").read_bytes() == b"somebody wrote over it"
    assert (data() / "metrics_token").read_text() == "another token"
    assert handles() == ["ada", "mallory"]


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What has to be done again after a restore: it fails while the list says so first, and notes for which moment."""
    seen: list[object] = []

    def replay(of: datetime) -> int:
        if seen == ["fails"]:
            raise OSError("the ledger cannot be read")
        seen.append(of)
        return 3

    monkeypatch.setitem(points.AFTER_RESTORE._entries, "ledger", AfterRestore("ledger", replay))
    return seen


def test_what_has_to_be_done_again_is_done_before_the_restore_is_over(
    path: Path, again: list[object]
) -> None:
    started = datetime.fromisoformat(queries.manifest_at(path).started)

    assert restore(path).is_current

    assert again == [started]
    assert queries.after_restore()


def test_nobody_is_let_in_while_something_is_not_done_again(made: Backup, again: list[object]) -> None:
    leave_note(made)
    again.append("fails")

    for attempt in (lambda: actions.record_restore(SYSTEM), tasks.finish_restore):
        with pytest.raises(
            actions.NotDoneAgain, match="ledger could not be done again: the ledger cannot be read"
        ):
            attempt()
    with pytest.raises(RuntimeError, match="not done yet"):
        queries.after_restore()
    again.clear()
    tasks.finish_restore()

    assert len(again) == 1
    assert queries.after_restore()
    [check] = [check for check in points.HEALTH_CHECKS if check.name == "backups.after_restore"]
    assert check.critical


def test_a_restore_that_was_cut_off_before_the_swap_leaves_nothing_to_be_done(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> str:
        raise engines.EngineFailed("the disk is full")

    monkeypatch.setattr(type(engines.engine_of(connection.vendor)), "swap", fail)
    with pytest.raises(actions.NotRight):
        restore(path)

    assert queries.after_restore()
