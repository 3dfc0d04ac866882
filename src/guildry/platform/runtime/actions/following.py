"""How a process keeps up: it looks when told and twice a second, and what it cannot use leaves the old in force."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError

from guildry.kernel import clock, errors, runtime
from guildry.kernel.configuration import Examination
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.lifecycle import queries as lifecycle
from guildry.platform.runtime import queries, rules
from guildry.platform.runtime.actions.due import apply_due_changes
from guildry.platform.runtime.models import ChangeSet, ProcessVersion
from guildry.platform.runtime.queries import Snapshot

log = structlog.get_logger("guildry.runtime")


class ReloadRefused(errors.Invalid):
    problem = errors.problem("reload-refused", 422, "The files cannot be used")
    detail = "The files cannot be used, so what was in force before still is."


class DoesNotFit(Exception):
    """Layers that do not go together; the message says which and what to do."""


@dataclass
class Progress:
    """What this process has in force, what it refused, and when it has to look again by itself."""

    version: int = -1
    applied_at: datetime | None = None
    expires_at: datetime | None = None
    refused: int | None = None
    error: str = ""
    try_at: datetime | None = None
    told_at: datetime | None = None
    is_away: bool = False


_progress = Progress()


def start_following(actor: Actor) -> None:
    """Put in force what is stored before anything is answered, and say so."""
    global _progress
    _progress = Progress()
    follow_changes(SYSTEM)


def follow_changes(actor: Actor) -> bool:
    """Take up what changed, apply what is due, and say what this process has; a database that is away changes nothing.

    Returns False: there is never more to do at once.
    """
    try:
        apply_due_changes(SYSTEM)
        _keep_up()
        _tell_progress()
    except (DatabaseError, InterfaceError) as error:
        if not _progress.is_away:
            log.warning("the store is away; what is in force stays", error=str(error))
        _progress.is_away = True
    else:
        _progress.is_away = False
    return False


def use_what_is_stored(actor: Actor) -> None:
    """Put in force what is stored, in a process that does one thing and ends; raises what the database says."""
    if queries.current_version():
        _take_up(queries.snapshot(), clock.now())


def stop_following(actor: Actor) -> None:
    """Take this process off the list of those that run."""
    ProcessVersion.objects.filter(process=lifecycle.own_name()).delete()


def reload(actor: Actor) -> str:
    """Read files and environment again and put in force what they say; returns what became of it in a line.

    Keys that are read at the start keep their values until then. Raises ReloadRefused with every finding, and then
    everything stays as it was.
    """
    found, secrets = runtime.look_again()
    wrong = found.refusals
    whole = queries.effective(queries.snapshot(), outside=found)
    wrong = wrong or whole.findings
    if wrong:
        for finding in wrong:
            log.error("configuration not reloaded", finding=str(finding))
        details = tuple(
            errors.FieldError(
                each.key, f"{each.file}:{each.line}:{each.column} {each.code} {each.message} {each.fix}"
            )
            for each in wrong
        )
        raise ReloadRefused(errors=details)
    waiting = _waiting_for_restart(found)
    runtime.use_outside(found, secrets, values=whole.values)
    advice = [str(finding) for finding in found.findings]
    waiting = [f"{', '.join(waiting)} only at the next start"] if waiting else []
    return "; ".join(["files and environment are in force", *waiting, *advice])


def _waiting_for_restart(found: Examination) -> list[str]:
    before = runtime.outside().values
    return [
        key
        for key, value in found.values.items()
        if key in before and value != before[key] and not runtime.is_live(key)
    ]


def _keep_up() -> None:
    version, now = queries.current_version(), clock.now()
    is_new = version != _progress.version and version != _progress.refused
    has_expired = _progress.expires_at is not None and _progress.expires_at <= now
    tries_again = _progress.try_at is not None and _progress.try_at <= now
    if is_new or has_expired or tries_again:
        _take_up(queries.snapshot(), now)


def _take_up(found: Snapshot, now: datetime) -> None:
    """Put a snapshot in force, or remember why that is not possible and try again later."""
    whole = queries.effective(found)
    try:
        if whole.findings:
            raise DoesNotFit("; ".join(f"{each.key} {each.message}" for each in whole.findings))
        runtime.use(whole.values)
    except Exception as error:
        log.exception("a configuration cannot be used; the one before stays", version=found.version)
        _progress.refused, _progress.error = found.version, (str(error) or repr(error))[:500]
        _progress.try_at = now + rules.TRY_AGAIN_AFTER
        _progress.told_at = None
        return
    if _has_rotated(_progress.version, found.version):
        runtime.use_secrets(runtime.look_again()[1])
    _progress.version, _progress.applied_at, _progress.expires_at = found.version, now, found.next_expiry
    _progress.refused, _progress.error, _progress.try_at, _progress.told_at = None, "", None, None


def _has_rotated(after: int, until: int) -> bool:
    rotations = ChangeSet.objects.filter(kind=ChangeSet.Kind.ROTATION, version__gt=after, version__lte=until)
    return rotations.exists()


def _tell_progress() -> None:
    now = clock.now()
    if _progress.told_at and now - _progress.told_at < rules.HEARTBEAT:
        return
    row = {
        "version": _progress.version,
        "refused_version": _progress.refused,
        "error": _progress.error,
        "applied_at": _progress.applied_at or now,
        "seen_at": now,
    }
    name = lifecycle.own_name()
    if not ProcessVersion.objects.filter(process=name).update(**row):
        ProcessVersion.objects.filter(seen_at__lt=now - 10 * rules.GONE_AFTER).delete()
        ProcessVersion.objects.bulk_create([ProcessVersion(process=name, **row)], ignore_conflicts=True)
    _progress.told_at = now
