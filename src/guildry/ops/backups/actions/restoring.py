"""Going on from a backup: brought up beside what is there, compared row for row, and only then put in its place."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tarfile import TarError
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from guildry.kernel import bus, clock, errors, permissions, points
from guildry.kernel.permissions import Actor
from guildry.kernel.safety import AfterRestore
from guildry.ops.backups import archive, engines, events, queries
from guildry.ops.backups.actions.making import _take_over, _working, adopt_folder
from guildry.ops.backups.archive import Entry, Identity, Manifest
from guildry.ops.backups.engines import Engine, EngineBusy, EngineFailed, Log, LogGap, Place, places
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import Finding, Kind, Report, State


class SiteRuns(errors.Conflict):
    problem = errors.problem("backup-site-runs", 409, "The site runs")
    detail = "The site runs on this data folder. Stop it first: guildry drain."


class NotRight(errors.Conflict):
    """A backup that may not be restored; `report` says everything that is wrong with it."""

    problem = errors.problem("backup-not-right", 409, "That backup is not right")

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(f"Nothing was restored: {report.findings[0]}.")


class AnotherEngine(errors.Conflict):
    problem = errors.problem("backup-of-another-engine", 409, "Made of another kind of database")
    detail = "That backup was made of another kind of database than the one this site is set up for."


class NotDoneAgain(errors.Unavailable):
    problem = errors.problem("backup-not-done-again", 503, "Restored, but not ready")
    detail = "What has to be done again after a restore could not be done."


@dataclass(frozen=True)
class Restored:
    """What was put in place, and where that which was there before lies now."""

    name: str
    aside: Path
    database_aside: str
    rows: int
    files: int
    is_current: bool


def restore_backup(
    actor: Actor,
    *,
    path: Path,
    identities: list[Identity],
    reason: str,
    signers: frozenset[str] = frozenset(),
    log: Log | None = None,
) -> Restored:
    """Let the community go on from a backup; the site must not run, and nothing that was there is deleted.

    With a `log` of MariaDB it goes on from a later moment: what the log holds up to there is done again.

    Raises SiteRuns, FolderBusy, NotRight or AnotherEngine, and then nothing was changed.
    """
    permissions.require(actor, "backups.restore")
    bus.Act(reason)
    data = Path(settings.DATA_DIR)
    with _alone_in(data), _working():
        report = queries.examined(path, signers=queries.known_signers() | signers, identities=identities)
        if not report.is_right:
            raise NotRight(report)
        manifest = queries.manifest_at(path)
        engine = _quiet_engine(manifest)
        work = queries.work_folder() / f"restore-{manifest.name}"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        aside = data / f"before-restore-{clock.now():%Y%m%dT%H%M%SZ}"
        note = {
            "name": manifest.name, "reason": reason, "path": str(path), "at": clock.now().isoformat(), "of": manifest.started,
        }  # fmt: skip
        try:
            with _named(manifest, path):
                media, where = _put_in_place(path, manifest, identities, engine, work, aside, log, note)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        is_current = record_restore(actor)
    return Restored(manifest.name, aside, where, manifest.row_count, len(media), is_current)


@contextmanager
def _named(manifest: Manifest, path: Path) -> Iterator[None]:
    """Say what is not right when bringing a backup up fails; raises NotRight."""
    try:
        yield
    except (EngineFailed, archive.Broken, archive.NoKey, TarError) as error:
        kind = Kind.GTID_GAP if isinstance(error, LogGap) else Kind.DATABASE_DAMAGED
        finding = Finding(kind, path.name, str(error)[:300])
        raise NotRight(Report(manifest.name, (finding,))) from error


def _write_note(note: dict[str, str]) -> None:
    with queries.restored_note().open("w") as file:
        json.dump(note, file)
        file.flush()
        os.fsync(file.fileno())


def record_restore(actor: Actor) -> bool:
    """Do again what has to be after a restore, such as erasing whom the backup remembers, and write the restore down.

    Both wait until the schema is that of this program. Returns whether nothing is left to be done; raises NotDoneAgain,
    and then nobody may be let in.
    """
    note = queries.restored_note()
    if not note.exists():
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    told: dict[str, Any] = json.loads(note.read_text())
    of = datetime.fromisoformat(told["of"])
    done = {each.key: _done_again(each, of) for each in points.AFTER_RESTORE}
    adopt_folder(actor)
    name = told["name"]
    act = bus.Act(told["reason"], subject=f"backup:{name}", after=done)
    lies_here = queries.path_of(name).is_dir()
    with transaction.atomic():
        backup = queries.backup_called(name) or Backup(
            name=name, ordered_at=datetime.fromisoformat(told["at"])
        )
        if Path(told["path"]).is_dir():
            _take_over(backup, queries.manifest_at(Path(told["path"])), backup.signer)
        backup.state = State.VERIFIED if lies_here else State.PRUNED
        backup.verified_at = datetime.fromisoformat(told["at"])
        backup.save()
        bus.publish(events.DataRestored(backup.pk), actor=actor, act=act)
    note.unlink()
    return True


def _done_again(each: AfterRestore, of: datetime) -> int:
    try:
        return each.replay(of)
    except Exception as error:
        raise NotDoneAgain(
            f"The data are those of the backup, but {each.key} could not be done again: {error}. "
            "Nobody is let in until it is: the next start tries again."
        ) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the data folder as `guildry serve` does, so that neither starts while the other is at work."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "guildry.pid").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SiteRuns from None
        yield


def _quiet_engine(manifest: Manifest) -> Engine:
    """Return the engine to restore with; raises AnotherEngine, or SiteRuns while somebody uses the database."""
    if manifest.engine.split()[0] != engines.name_of(connection.vendor):
        raise AnotherEngine
    engine = engines.engine_called(manifest.engine)
    connections.close_all()
    try:
        engine.require_quiet()
    except EngineBusy as busy:
        raise SiteRuns(str(busy)) from busy
    return engine


def _put_in_place(
    path: Path,
    manifest: Manifest,
    identities: list[Identity],
    engine: Engine,
    work: Path,
    aside: Path,
    log: Log | None,
    note: dict[str, str],
) -> tuple[list[Entry], str]:
    """Bring everything up beside what is there, compare it, and swap; raises NotRight before anything is swapped."""
    with engine.landing(work) as place:
        places.fill(path, manifest, identities, engine, place)
        media = places.unpack(path, manifest, identities, work / "files", "media")
        secrets = places.unpack(path, manifest, identities, work / "secrets", "secrets")
        findings = [*queries.compare_tables(manifest, engine.tables_of(place))]
        findings += queries.missing_or_changed_media(manifest, media)
        if damage := engine.damage_of(place):
            findings.append(Finding(Kind.DATABASE_DAMAGED, "database", damage))
        if findings:
            raise NotRight(Report(manifest.name, tuple(findings), is_opened=True))
        if log:
            _do_again(manifest, identities, engine, place, log)
        aside.mkdir(mode=0o700)
        pairs = [(work / "secrets" / each.path, Path(settings.DATA_DIR) / each.path) for each in secrets]
        pairs.append((work / "files", Path(settings.FILES_ROOT)))
        connections.close_all()
        # Whoever is killed from here on must be known to have restored, or nothing would be done again.
        _write_note(note)
        with _undone_on_failure(pairs, aside):
            for new, live in pairs:
                _swap(new, live, aside)
            where = engine.swap(place, aside)
    return media, where


def _do_again(manifest: Manifest, identities: list[Identity], engine: Engine, place: Place, log: Log) -> None:
    """Do again what the log holds; raises LogGap, EngineFailed, or NotRight when the outcome is damaged."""
    signers = frozenset({*queries.known_signers(), *log.signers})
    since = datetime.fromisoformat(manifest.started)
    engine.replay(
        place,
        manifest.position,
        replace(log, since=since, identities=tuple(identities), signers=signers),
    )
    if damage := engine.damage_of(place):
        finding = Finding(Kind.DATABASE_DAMAGED, "database", damage)
        raise NotRight(Report(manifest.name, (finding,), is_opened=True))


@contextmanager
def _undone_on_failure(pairs: list[tuple[Path, Path]], aside: Path) -> Iterator[None]:
    """Put files back where they were when what follows them cannot be put in place."""
    try:
        yield
    except BaseException:
        for new, live in reversed(pairs):
            if not new.exists():
                live.rename(new)
                if (aside / live.name).exists():
                    (aside / live.name).rename(live)
        queries.restored_note().unlink()
        raise


def _swap(new: Path, live: Path, aside: Path) -> None:
    if live.exists():
        live.rename(aside / live.name)
    new.rename(live)
