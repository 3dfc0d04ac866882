"""Backups on record: what is due, what stands, what may go, and how old the newest proven one is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from guildry.kernel import clock, errors, paging, runtime
from guildry.kernel.observing import Observation
from guildry.kernel.paging import Page
from guildry.kernel.safety import RestorePoint
from guildry.ops.backups import archive
from guildry.ops.backups.models import Backup, Drill
from guildry.ops.backups.queries import log, setup
from guildry.ops.backups.rules import Candidate, Keeping, State, is_due, is_stale, kept, words_for

PAGE_SIZE = 20
RETRY = timedelta(hours=1)


class BackupNotFound(errors.NotFound):
    problem = errors.problem("backup-not-found", 404, "No such backup")
    detail = "There is no backup of that name, or you may not see it."


@dataclass(frozen=True)
class Due:
    """What the clock asks for: a backup, and whether to rehearse it."""

    backup: bool
    drill: bool


def on_record(viewer: Any, *, cursor: str = "", size: int = PAGE_SIZE) -> Page[Backup]:
    """Return the newest backups the viewer may see, with their drills; raises InvalidCursor."""
    rows = Backup.objects.visible_to(viewer).select_related("ordered_by")
    rows = rows.prefetch_related(Prefetch("drills", Drill.objects.order_by("-id")))
    if cursor:
        rows = rows.filter(pk__lt=paging.decode_cursor(cursor, int)[0])
    return paging.page_of(list(rows.order_by("-pk")[: size + 1]), size, "pk")


def backup_shown(viewer: Any, name: str) -> Backup:
    """Return one backup the viewer may see; raises BackupNotFound."""
    found = Backup.objects.visible_to(viewer).select_related("ordered_by").filter(name=name).first()
    if found is None:
        raise BackupNotFound
    return found


def backup_called(name: str) -> Backup | None:
    return Backup.objects.filter(name=name).first()


def drills_of(backup: Backup) -> list[Drill]:
    return list(backup.drills.order_by("-id"))


def newest_verified() -> Backup | None:
    """Return the newest backup that was found right and still lies there."""
    return Backup.objects.filter(state=State.VERIFIED).order_by("-finished_at", "-id").first()


def last_drill(*, is_passed: bool | None = None) -> Drill | None:
    rows = Drill.objects.select_related("backup")
    rows = rows if is_passed is None else rows.filter(is_passed=is_passed)
    return rows.order_by("-finished_at", "-id").first()


def next_ordered() -> Backup | None:
    return Backup.objects.filter(state=State.ORDERED).order_by("id").first()


def interrupted() -> list[Backup]:
    """Return backups that say they are being made."""
    return list(Backup.objects.filter(state=State.MAKING))


def what_is_due() -> Due:
    """Say what the settings ask for now; nothing without recipients."""
    if not setup.current_recipients():
        return Due(backup=False, drill=False)
    now, newest, drill = clock.now(), newest_verified(), last_drill(is_passed=True)
    tried = Backup.objects.order_by("-ordered_at").values_list("ordered_at", flat=True).first()
    if not is_due(tried, min(RETRY, runtime.value("backup.every")), now=now):
        return Due(backup=False, drill=False)
    return Due(
        is_due(newest.ordered_at if newest else None, runtime.value("backup.every"), now=now),
        is_due(drill.finished_at if drill else None, runtime.value("backup.drill_every"), now=now),
    )


def wants_base() -> bool:
    """Say whether the log that is kept now has no backup yet that could be gone on from with it."""
    since, newest = log.kept_since(), newest_verified()
    failed = (
        Backup.objects.filter(state=State.FAILED).order_by("-ordered_at").values_list("ordered_at", flat=True)
    )
    if since is None or not is_due(failed.first(), RETRY, now=clock.now()):
        return False
    return newest is None or _moment(newest) - timedelta(seconds=newest.seconds) < since


def keeping() -> Keeping:
    """Return what retention is set to."""
    return Keeping(
        runtime.value("backup.keep_days"),
        runtime.value("backup.keep_weeks"),
        runtime.value("backup.keep_months"),
        runtime.value("backup.untouched"),
    )


def to_prune() -> tuple[list[Backup], dict[str, list[str]]]:
    """Return the backups whose time is over, and why each of the others stays."""
    standing = list(Backup.objects.standing().order_by("id"))
    candidates = [
        Candidate(each.name, _moment(each), each.state == State.VERIFIED, bool(each.held))
        for each in standing
    ]
    reasons = kept(candidates, keeping(), now=clock.now())
    return [each for each in standing if each.name not in reasons], reasons


def health() -> Observation:
    """Say how old the newest verified backup is; raises RuntimeError when it, or the last drill, is too old."""
    if not setup.current_recipients():
        if settings.IS_SECURE:
            raise RuntimeError("no backups are made: the setting backup.recipients names nobody")
        return Observation("no backups are set up")
    now, newest, drill = clock.now(), newest_verified(), last_drill(is_passed=True)
    at = newest.finished_at if newest else None
    since = words_for(now - at) if at else ""
    if is_stale(at, runtime.value("backup.max_age"), now=now):
        raise RuntimeError(
            f"the newest verified backup is {since} old" if since else "no backup was verified yet"
        )
    drilled = drill.finished_at if drill else None
    if is_stale(drilled, runtime.value("backup.max_drill_age"), now=now):
        raise RuntimeError(
            f"the last drill that passed was {words_for(now - drilled)} ago"
            if drilled
            else "no drill passed yet"
        )
    return Observation(
        f"the newest verified backup is {since} old", (now - at).total_seconds() if at else None, "s"
    )


def after_restore() -> str:
    """Say that nothing is left to be done after a restore; raises RuntimeError while something is."""
    if setup.restored_note().exists():
        raise RuntimeError("the data are those of a backup, and what has to be done again is not done yet")
    return "nothing is left to be done after a restore"


def _moment(backup: Backup) -> datetime:
    return backup.finished_at or backup.ordered_at


def restore_point() -> RestorePoint | None:
    """Return the newest verified backup as something to go back to."""
    newest = newest_verified()
    return RestorePoint(newest.name, _moment(newest)) if newest else None


@dataclass(frozen=True)
class Standing:
    """How backups stand, as a page shows it; `problem` is empty when health has nothing to say."""

    recipients: tuple[str, ...]
    newest: Backup | None
    drill: Drill | None
    every: str
    drill_every: str
    keeping: Keeping
    signer: str
    problem: str
    kept_since: datetime | None
    log_problem: str


def standing() -> Standing:
    """Say how backups stand."""
    return Standing(
        setup.current_recipients(),
        newest_verified(),
        last_drill(is_passed=True),
        words_for(runtime.value("backup.every")),
        words_for(runtime.value("backup.drill_every")),
        keeping(),
        setup.own_signer(),
        _problem_of(health),
        log.kept_since(),
        _problem_of(log.log_health),
    )


def _problem_of(check: Callable[[], Observation]) -> str:
    """Return as a sentence what a check complains of; empty when it does not."""
    try:
        check()
    except RuntimeError as error:
        return f"{str(error)[0].upper()}{str(error)[1:]}."
    return ""


def manifest_shown(backup: Backup) -> archive.Manifest | None:
    """Return what a backup says of itself while it lies there and that can be read."""
    if backup.state not in (State.MADE, State.VERIFIED, State.DAMAGED):
        return None
    try:
        return setup.manifest_at(setup.path_of(backup.name))
    except archive.Unreadable:
        return None


def reasons_to_keep(backup: Backup) -> list[str]:
    """Return why retention keeps a backup; nothing when it may go."""
    return to_prune()[1].get(backup.name, [])
