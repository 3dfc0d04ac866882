"""Proving a backup that lies there, and rehearsing it: brought up elsewhere, compared row for row, and opened."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tarfile import TarError

from django.conf import settings
from django.db import transaction

from guildry.kernel import bus, clock, permissions
from guildry.kernel.permissions import Actor
from guildry.ops.backups import archive, engines, events, queries
from guildry.ops.backups.actions.making import _working
from guildry.ops.backups.archive import Identity, Manifest
from guildry.ops.backups.engines import EngineFailed, places
from guildry.ops.backups.models import Backup, Drill
from guildry.ops.backups.rules import Finding, Kind, Report, State, told


def verify_backup(actor: Actor, *, backup: Backup, identities: list[Identity], reason: str) -> Report:
    """Prove a backup on record, opening it when there are identities, and write down what was found.

    Without identities nothing is opened, so that a good outcome does not make it verified.
    """
    permissions.require(actor, "backups.make")
    act = bus.Act(reason, subject=f"backup:{backup.name}")
    report = queries.examined(
        queries.path_of(backup.name), signers=queries.known_signers(), identities=identities
    )
    with transaction.atomic():
        if not report.is_right and any(each.kind != Kind.NO_RECIPIENT_KEY for each in report.findings):
            backup.state, backup.failure = State.DAMAGED, str(report.findings[0])[:500]
        elif report.is_right and report.is_opened:
            backup.state, backup.failure, backup.verified_at = State.VERIFIED, "", clock.now()
        backup.save()
        bus.publish(events.BackupVerified(backup.pk), actor=actor, act=act)
    return report


def drill_backup(actor: Actor, *, backup: Backup, identities: list[Identity], reason: str) -> Drill:
    """Bring a backup up in a throwaway place, compare every table, open the community, and keep the report.

    Raises FolderBusy.
    """
    permissions.require(actor, "backups.make")
    act = bus.Act(reason, subject=f"backup:{backup.name}")
    path = queries.path_of(backup.name)
    with _working():
        began = time.monotonic()
        figures: dict[str, object] = {}
        findings = list(_rehearsed(path, identities, figures))
        seconds = round(time.monotonic() - began, 3)
    with transaction.atomic():
        drill = Drill.objects.create(
            backup=backup,
            place=str(figures.pop("place", "nowhere")),
            is_passed=not findings,
            seconds=seconds,
            findings=told(findings),
            figures=figures,
            finished_at=clock.now(),
        )
        bus.publish(events.DrillFinished(drill.pk, backup.pk), actor=actor, act=act)
    return drill


def _rehearsed(path: Path, identities: list[Identity], figures: dict[str, object]) -> Iterator[Finding]:
    report = queries.examined(path, signers=queries.known_signers(), identities=identities)
    figures |= report.figures
    if not report.is_right:
        yield from report.findings
        return
    manifest = queries.manifest_at(path)
    engine = engines.engine_called(manifest.engine)
    work = queries.work_folder() / f"drill-{manifest.name}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
    if Path(settings.STATIC_ROOT).exists():
        (work / "static").symlink_to(settings.STATIC_ROOT)
    try:
        with places.brought_up(path, manifest, identities, engine, work) as standing:
            figures |= {
                "place": standing.place.label,
                "tables": len(manifest.tables),
                "files": len(standing.media),
            }
            yield from _compared(manifest, standing, engine)
            yield from _smoked(standing, figures)
    except (EngineFailed, archive.Broken, TarError, OSError) as error:
        yield Finding(Kind.DATABASE_DAMAGED, "drill", str(error)[:300])
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _compared(manifest: Manifest, standing: places.BroughtUp, engine: engines.Engine) -> Iterator[Finding]:
    if damage := engine.damage_of(standing.place):
        yield Finding(Kind.DATABASE_DAMAGED, "database", damage)
    yield from queries.compare_tables(manifest, engine.tables_of(standing.place))
    yield from queries.missing_or_changed_media(manifest, standing.media)


def _smoked(standing: places.BroughtUp, figures: dict[str, object]) -> Iterator[Finding]:
    seen = places.smoke(standing)
    figures |= {"facts": seen["facts"], "pages": len(seen["pages"])}
    if seen["broken"]:
        yield Finding(Kind.AUDIT_BROKEN, "facts", seen["broken"])
    for page, status in seen["pages"].items():
        if status != 200:
            yield Finding(Kind.PAGE_FAILED, page, f"it answered with {status}")
