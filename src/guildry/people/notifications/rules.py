"""Who is told what, on which channel, and at which hour of their own day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

RECIPIENTS_AT_ONCE = 1000
TEXT_LENGTH = 300
# A mail at once waits a moment, because whoever is here will have read it by then.
GRACE = timedelta(minutes=2)
STALE = timedelta(days=3)
KEPT = timedelta(days=180)
DIGEST_HOUR = 8
DIGEST_DAY = 0
DIGEST_ITEMS = 30
PAUSES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
LONGEST_PAUSE = timedelta(days=366)


class Mail(StrEnum):
    """When mail goes out about one kind of notification."""

    OFF = "off"
    DIGEST = "digest"
    INSTANT = "instant"


class Digest(StrEnum):
    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


class Reason(StrEnum):
    """Why something was not shown or not mailed; kept, so that support can answer for it."""

    NONE = ""
    OWN_ACTION = "own_action"
    AWAY = "away"
    BLOCKED = "blocked"
    MUTED = "muted"
    PREFERENCE = "preference"
    READ = "read"
    STALE = "stale"


class MailState(StrEnum):
    NONE = "none"
    WAITING = "waiting"
    IN_DIGEST = "in_digest"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Channels:
    """What a member chose for one kind: shown in the app or not, and when to mail."""

    app: bool
    mail: Mail


@dataclass(frozen=True)
class Circumstances:
    """What there is to know about one recipient before they are told something."""

    is_own: bool
    is_away: bool
    is_blocked: bool
    is_muted: bool
    channels: Channels


@dataclass(frozen=True)
class Decision:
    is_shown: bool
    mail: Mail
    reason: Reason = Reason.NONE


def decide(found: Circumstances) -> Decision:
    """Return whether and how to tell somebody; the first thing that speaks against it is the reason."""
    against = (
        (found.is_own, Reason.OWN_ACTION),
        (found.is_away, Reason.AWAY),
        (found.is_blocked, Reason.BLOCKED),
        (found.is_muted, Reason.MUTED),
        (not found.channels.app and found.channels.mail == Mail.OFF, Reason.PREFERENCE),
    )
    for applies, reason in against:
        if applies:
            return Decision(False, Mail.OFF, reason)
    return Decision(found.channels.app, found.channels.mail)


@dataclass(frozen=True)
class Hours:
    """When mail to somebody must wait: their quiet hours by their own clock, and a pause they asked for."""

    zone: tzinfo = UTC
    quiet_from: time | None = None
    quiet_until: time | None = None
    paused_until: datetime | None = None


def zone_of(name: str) -> tzinfo:
    """Return the zone of that name, or UTC when nobody knows it any more."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return UTC


def is_quiet(local: time, start: time | None, end: time | None) -> bool:
    """Tell whether a time of day lies in quiet hours, which may pass midnight."""
    if start is None or end is None or start == end:
        return False
    if start < end:
        return start <= local < end
    return local >= start or local < end


def first_free(moment: datetime, hours: Hours) -> datetime:
    """Return the first moment, from this one on, at which mail may go."""
    if hours.paused_until and hours.paused_until > moment:
        moment = hours.paused_until
    local = moment.astimezone(hours.zone)
    if hours.quiet_until is None or not is_quiet(local.time(), hours.quiet_from, hours.quiet_until):
        return moment
    is_tomorrow = local.time() >= hours.quiet_until
    day = local.date() + timedelta(days=1) if is_tomorrow else local.date()
    return _at(day, hours.quiet_until, hours.zone, after=moment)


def next_digest(moment: datetime, digest: Digest, hours: Hours, hour: int = DIGEST_HOUR) -> datetime | None:
    """Return when the next digest goes: at that hour by the member's clock, weekly ones on a Monday."""
    if digest == Digest.OFF:
        return None
    local = moment.astimezone(hours.zone)
    day = local.date()
    while True:
        due = _at(day, time(hour), hours.zone)
        if due > moment and (digest == Digest.DAILY or day.weekday() == DIGEST_DAY):
            return first_free(due, hours)
        day += timedelta(days=1)


def _at(day: date, wall: time, zone: tzinfo, *, after: datetime | None = None) -> datetime:
    """Return the moment a clock on the wall shows a time; of the two in autumn the one that is not before `after`."""
    first = datetime.combine(day, wall, zone).astimezone(UTC)
    if after is not None and first < after:
        return datetime.combine(day, wall, zone).replace(fold=1).astimezone(UTC)
    return first


def shorten(text: str) -> str:
    """Cut a line to what one reads at a glance."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_LENGTH else f"{line[: TEXT_LENGTH - 1].rstrip()}…"


def is_local(url: str) -> bool:
    """Tell whether an address leads to a page of ours."""
    return url.startswith("/") and not url.startswith(("//", "/\\"))


def is_today(moment: datetime, now: datetime, zone: tzinfo) -> bool:
    return moment.astimezone(zone).date() == now.astimezone(zone).date()


def words_after(name: str, text: str) -> str:
    """Return what a line says about somebody whose name it begins with; nothing when it begins otherwise."""
    return text.removeprefix(name) if text.startswith(f"{name} ") else ""


def listed(names: Sequence[str]) -> str:
    """Return names as one says them: two of them, or the first and how many more."""
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} others"
    return " and ".join(names)
