"""How the log that is kept between backups stands: how far it is, since when it has no gap, and what of it may go."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from guildry.kernel import clock, runtime
from guildry.kernel.observing import Observation
from guildry.ops.backups import archive
from guildry.ops.backups.queries import setup
from guildry.ops.backups.rules import words_for
from guildry.platform.lifecycle.models import Lease
from guildry.platform.lifecycle.queries import own_name

LOG_LEASE = "backups.log"
MOST_BEHIND = timedelta(seconds=5)
NEVER = datetime.min.replace(tzinfo=UTC)
SILENT = timedelta(seconds=15)


class LogStatus(msgspec.Struct, frozen=True):
    """What whoever keeps the log says of it, `at` the time it said so; `problem` is why it does not go on."""

    at: datetime
    reached: datetime
    since: datetime
    records: int = 0
    problem: str = ""


def is_log_wanted() -> bool:
    return bool(runtime.value("backup.log") and setup.current_recipients())


def log_status() -> LogStatus | None:
    """Return what was said last on this machine."""
    try:
        return msgspec.json.decode(_status_file().read_bytes(), type=LogStatus)
    except (OSError, msgspec.DecodeError):
        return None


def tell_log_status(status: LogStatus) -> None:
    file = _status_file()
    fresh = file.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(status))
    os.replace(fresh, file)


def log_health() -> Observation:
    """Say how far behind the log is; raises RuntimeError when more than some seconds could be lost."""
    if not is_log_wanted():
        return Observation("nothing is kept between backups")
    status, now = log_status(), clock.now()
    if status is None or now - status.at > SILENT:
        if elsewhere := _kept_elsewhere(now):
            return Observation(f"kept by {elsewhere}")
        raise RuntimeError("nobody keeps what is written between backups")
    if status.problem:
        raise RuntimeError(f"what is written between backups is not kept: {status.problem}")
    behind = max(timedelta(0), now - status.reached)
    if behind > MOST_BEHIND:
        raise RuntimeError(f"what was written in the last {words_for(behind)} is not kept yet")
    return Observation(
        f"up to {behind.total_seconds():.0f} s ago, without a gap since {status.since:%Y-%m-%d %H:%M} UTC",
        behind.total_seconds(),
        "s",
    )


def kept_since() -> datetime | None:
    """Return since when the log has no gap; None while nobody keeps it on this machine."""
    status = log_status() if is_log_wanted() else None
    if status is None or status.problem or clock.now() - status.at > SILENT:
        return None
    return status.since


def kept_at() -> datetime:
    """Return when somebody on this machine last kept what is written."""
    status = log_status()
    return status.at if status and not status.problem else NEVER


def log_files_over() -> list[Path]:
    """Return the files of the log whose time is over; the newest one always stays."""
    cutoff = clock.now() - timedelta(days=runtime.value("backup.log_days"))
    return [
        file
        for file in archive.files_of_log(setup.log_folder())[:-1]
        if datetime.fromtimestamp(file.stat().st_mtime, cutoff.tzinfo) < cutoff
    ]


def _kept_elsewhere(now: datetime) -> str:
    holder = Lease.objects.filter(name=LOG_LEASE, expires_at__gt=now).values_list("holder", flat=True).first()
    machine = (holder or "").rsplit(":", 2)[0]
    return "" if machine == own_name().rsplit(":", 2)[0] else machine


def _status_file() -> Path:
    return setup.spool_folder() / "status.json"
