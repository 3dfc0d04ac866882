"""Which backups are kept: the newest of each day, week and month, and some whatever their age."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Candidate:
    """A backup as retention sees it."""

    name: str
    at: datetime
    is_verified: bool
    is_held: bool = False


@dataclass(frozen=True)
class Keeping:
    """How many days, weeks and months keep their newest backup; nothing younger than `untouched` goes."""

    days: int
    weeks: int
    months: int
    untouched: timedelta


def kept(candidates: Iterable[Candidate], keeping: Keeping, *, now: datetime) -> dict[str, list[str]]:
    """Return the reasons for which each backup that stays does so, by its name; what is not named goes.

    The newest verified one always stays.
    """
    newest_first = sorted(candidates, key=lambda each: (each.at, each.name), reverse=True)
    reasons: dict[str, list[str]] = {}
    verified = next((each for each in newest_first if each.is_verified), None)
    if verified:
        reasons.setdefault(verified.name, []).append("the newest that was verified")
    for each in newest_first:
        if each.is_held:
            reasons.setdefault(each.name, []).append("held")
        if now - each.at < keeping.untouched:
            reasons.setdefault(each.name, []).append("too young to go")
    for label, form, most in (
        ("day", "%Y-%m-%d", keeping.days),
        ("week", "%G-W%V", keeping.weeks),
        ("month", "%Y-%m", keeping.months),
    ):
        for period, each in _newest_of(newest_first, form, most):
            reasons.setdefault(each.name, []).append(f"newest of {label} {period}")
    return reasons


def _newest_of(newest_first: list[Candidate], form: str, most: int) -> list[tuple[str, Candidate]]:
    """Return the newest backup of each of the newest periods, one that was verified if there is any."""
    periods: dict[str, Candidate] = {}
    for each in newest_first:
        period = each.at.strftime(form)
        held = periods.get(period)
        if held is None or (each.is_verified and not held.is_verified):
            periods[period] = each
    return list(periods.items())[:most]
