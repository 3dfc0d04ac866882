"""Making a backup: ordered with a reason, written beside the others, proven, and only then given its name."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from guildry.kernel import bus, clock, crypto, errors, hints, ids, permissions, points, runtime, text
from guildry.kernel.permissions import Actor
from guildry.ops.backups import archive, engines, events, queries
from guildry.ops.backups.archive import Entry, Manifest, Media, Part
from guildry.ops.backups.engines import EngineFailed
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import STATES, State, name_of

ORDERED = "backups.ordered"
PARTIAL = ".partial-"
log = structlog.get_logger("guildry.backups")


class NoRecipients(errors.Conflict):
    problem = errors.problem("backup-no-recipients", 409, "Nobody could open a backup")
    detail = (
        "No recipients are set up, so nobody could open a backup. Make two keys with guildry backup keys, "
        "keep the private halves elsewhere, and put the public ones into the setting backup.recipients."
    )


class FolderBusy(errors.Conflict):
    problem = errors.problem("backup-folder-busy", 409, "Another backup is at work")
    detail = "A backup, a drill or a restore is at work in this folder. Try again when it is done."


class BackupFailed(errors.Unavailable):
    problem = errors.problem("backup-failed", 503, "The backup could not be made")
    detail = "The backup could not be made."


def order_backup(actor: Actor, *, reason: str, wants_drill: bool = False) -> Backup:
    """Ask for a backup, which a process of its own makes soon; raises NoRecipients, or Invalid without a reason."""
    permissions.require(actor, "backups.make")
    if not queries.current_recipients():
        raise NoRecipients
    now = clock.now()
    act = bus.Act(reason, subject="backups", after={"drill": wants_drill})
    with transaction.atomic():
        backup = Backup.objects.create(
            name=name_of(now, ids.uuid7_hex()[-6:]),
            state=State.ORDERED,
            wants_drill=wants_drill,
            reason=text.clean(reason)[:500],
            ordered_by_id=actor.pk,
            ordered_at=now,
        )
        bus.publish(events.BackupOrdered(backup.pk), actor=actor, act=act)
        transaction.on_commit(lambda: hints.send(ORDERED))
    return backup


def make_backup(actor: Actor, *, backup: Backup, identities: tuple[archive.Identity, ...] = ()) -> Backup:
    """Write an ordered backup, prove it by opening all of it, and give it its name; raises FolderBusy or BackupFailed.

    It is sealed to the recipients and to `identities`, which live as long as this process and prove it.
    """
    permissions.require(actor, "backups.make")
    keys = identities or (archive.new_identity(),)
    began = time.monotonic()
    try:
        with _working():
            drop_leftovers(actor)
            _move(backup, State.MAKING)
            manifest = _cleared_up(backup, keys)
    except (OSError, DatabaseError, EngineFailed, archive.KeyUnfit, BackupFailed) as error:
        _fail(actor, backup, str(error))
        raise BackupFailed(f"The backup could not be made: {error}") from error
    backup.seconds = round(time.monotonic() - began, 3)
    with transaction.atomic():
        _take_over(backup, manifest, queries.own_signer())
        backup.verified_at = clock.now()
        _move(backup, State.VERIFIED)
        bus.publish(events.BackupMade(backup.pk), actor=actor)
    return backup


def adopt_folder(actor: Actor) -> list[Backup]:
    """Put backups on record that lie in the folder, signed by somebody known, and are not on record; returns them."""
    permissions.require(actor, "backups.make")
    found, signers = [], queries.known_signers()
    for path in sorted(queries.folder().glob(f"[!.]*{archive.SUFFIX}")):
        name = path.name.removesuffix(archive.SUFFIX)
        known = queries.backup_called(name)
        if known and known.state not in (State.ORDERED, State.MAKING):
            continue
        try:
            manifest = queries.manifest_at(path)
            signature = (path / archive.SIGNATURE).read_bytes()
        except (archive.Unreadable, OSError):
            log.warning("a folder among the backups is none", path=str(path))
            continue
        signer = archive.signer_of((path / archive.MANIFEST).read_bytes(), signature, signers)
        if signer.is_genuine and signer.key and manifest.name == name:
            at = datetime.fromisoformat(manifest.started)
            backup = known or Backup(name=name, ordered_at=at, reason="found in the folder")
            backup.state = State.MADE
            _take_over(backup, manifest, signer.key)
            backup.save()
            found.append(backup)
    return found


def drop_leftovers(actor: Actor) -> None:
    """Delete what a backup that was cut off left behind, and say so in its row; call it while nothing is at work."""
    for path in (*queries.folder().glob(f"{PARTIAL}*"), *queries.work_folder().glob("*")):
        shutil.rmtree(path, ignore_errors=True)
    adopt_folder(actor)
    for backup in queries.interrupted():
        _fail(actor, backup, "the process that made it ended")


@contextmanager
def _working() -> Iterator[None]:
    """Be the only one who works on backups here; raises FolderBusy. The system lifts it when the process ends."""
    try:
        for folder in (queries.folder(), queries.work_folder()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (queries.folder() / ".lock").open("wb")
    except OSError as error:
        raise BackupFailed(f"The folder of backups cannot be used: {error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusy from None
        yield


def _cleared_up(backup: Backup, keys: tuple[archive.Identity, ...]) -> Manifest:
    """Write a backup and leave nothing of the work behind, however it ends."""
    try:
        return _written(backup, keys)
    finally:
        shutil.rmtree(_partial(backup.name), ignore_errors=True)
        shutil.rmtree(queries.work_folder() / backup.name, ignore_errors=True)


def _written(backup: Backup, keys: tuple[archive.Identity, ...]) -> Manifest:
    partial, work = _partial(backup.name), queries.work_folder() / backup.name
    work.mkdir(mode=0o700, parents=True)
    partial.mkdir(mode=0o700)
    named = queries.current_recipients()
    recipients = [*map(archive.recipient_of, named), *(key.to_public() for key in keys)]
    started = clock.now()
    with engines.engine_of(connection.vendor).copying(work) as copy:
        part = engines.engine_of(connection.vendor).part
        parts = [archive.seal(copy.chunks(), partial / part, kind="database", recipients=recipients)]
        tables = copy.tables()
    media: list[Entry] = []
    parts += _media_parts(partial, recipients, media)
    secrets: list[Entry] = []
    packed = archive.packed(Path(settings.DATA_DIR), _secret_files(), secrets)
    parts.append(archive.seal(packed, partial / "secrets.tar.zst.age", kind="secrets", recipients=recipients))
    manifest = Manifest(
        archive.FORMAT, backup.name, version("guildry"), copy.engine, copy.schema, copy.migrations, copy.position,
        started.isoformat(), clock.now().isoformat(), named, _class_of(backup), tuple(parts), tables,
        Media(len(media), sum(each.bytes for each in media), archive.merkle_root(media)),
        tuple(each.path for each in secrets),
        {**copy.tools, "pyrage": version("pyrage"), "zstandard": version("zstandard")},
    )  # fmt: skip
    _sign(partial, manifest)
    report = queries.examined(
        partial, signers=queries.known_signers(), identities=list(keys), name=backup.name
    )
    if not report.is_right:
        raise EngineFailed(f"what was written is not right: {report.findings[0]}")
    partial.rename(queries.path_of(backup.name))
    _persist(queries.folder())
    return manifest


def _media_parts(partial: Path, recipients: list[Any], media: list[Entry]) -> Iterator[Part]:
    root, most = Path(settings.FILES_ROOT), int(runtime.value("backup.part_size")) * 1024**2
    for number, paths in enumerate(archive.portions(root, most=most), 1):
        packed = archive.packed(root, paths, media)
        yield archive.seal(
            packed, partial / f"media.{number}.tar.zst.age", kind="media", recipients=recipients
        )


def _secret_files() -> list[Path]:
    """Return the secrets that the site made for itself; those it is given are kept by whoever gives them."""
    names = [setting.key.replace(".", "_") for setting in points.RUNTIME_SETTINGS if setting.kept]
    paths = [Path(settings.DATA_DIR) / f"{name}{ending}" for name in names for ending in ("", ".old")]
    return [path for path in paths if path.is_file()]


def _sign(partial: Path, manifest: Manifest) -> None:
    payload = archive.encoded(manifest)
    signature = archive.signed(payload, crypto.site_keys()[0])
    for name, content in ((archive.MANIFEST, payload), (archive.SIGNATURE, signature)):
        with (partial / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _persist(partial)


def _persist(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take_over(backup: Backup, manifest: Manifest, signer: str) -> None:
    backup.engine, backup.signer, backup.failure = manifest.engine, signer, ""
    backup.byte_count, backup.row_count = manifest.byte_count, manifest.row_count
    backup.object_count = manifest.media.objects
    backup.finished_at = datetime.fromisoformat(manifest.finished)


def _move(backup: Backup, state: State) -> None:
    STATES.check(backup.state, state)
    backup.state = state
    backup.save()


def _fail(actor: Actor, backup: Backup, why: str) -> None:
    log.error("backup failed", backup=backup.name, why=why)
    backup.failure, backup.finished_at = why[:500], clock.now()
    with transaction.atomic():
        _move(backup, State.FAILED)
        bus.publish(events.BackupFailed(backup.pk), actor=actor)


def _class_of(backup: Backup) -> str:
    return "asked" if backup.ordered_by_id else "scheduled"


def _partial(name: str) -> Path:
    return queries.folder() / f"{PARTIAL}{name}"
