"""How times, numbers and money read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from markupsafe import Markup

from guildry.kernel import clock

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_SHORT = tuple(month[:3] for month in MONTHS)

WEEK = timedelta(days=7)
UNITS = (("min", 60, 3570.0), ("h", 3600, 84600.0), ("d", 86400, float("inf")))


def relative(moment: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Return how far a moment is from now, as a reader says it; a date beyond a week."""
    seconds = (now - moment).total_seconds()
    span = abs(seconds)
    if span >= WEEK.total_seconds():
        return short_date(moment.astimezone(zone), now.astimezone(zone))
    if span < 45:
        return "just now" if seconds >= 0 else "in a moment"
    unit, size = next((unit, size) for unit, size, limit in UNITS if span < limit)
    amount = f"{max(1, round(span / size))} {unit}"
    return f"{amount} ago" if seconds > 0 else f"in {amount}"


def short_date(day: date, today: date) -> str:
    """Return the day and month, and the year when it is another one."""
    text = f"{day.day} {_SHORT[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def exact(moment: datetime, zone: tzinfo = UTC) -> str:
    """Return a moment in full, with the name of the zone it is told in."""
    return _in_full(moment.astimezone(zone))


def _in_full(local: datetime) -> str:
    day = _day(local.year, local.month, local.day)
    return f"{day}, {_TWO[local.hour]}:{_TWO[local.minute]} {local.tzname()}"


_TWO = tuple(f"{number:02}" for number in range(60))


@lru_cache(maxsize=2_000)
def _day(year: int, month: int, number: int) -> str:
    return f"{DAYS[date(year, month, number).weekday()]} {number} {MONTHS[month - 1]} {year}"


def time_tag(zone_of_reader: Callable[[], tzinfo]) -> Callable[[datetime], Markup]:
    """Return the `ui.time` component for readers in the zone that the function tells."""

    def time(moment: datetime) -> Markup:
        return Markup(teller(zone_of_reader(), clock.now())(moment))

    return time


def teller(zone: tzinfo, now: datetime) -> Callable[[datetime], str]:
    """Return a function that writes times as `ui.time` does, for a page that has many of them at once."""
    today = now.astimezone(zone)
    this_year = today.year

    def told(moment: datetime) -> str:
        stamp = (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()[:19]
        if zone is UTC:
            local, named = stamp, "UTC"
        else:
            there = moment.astimezone(zone)
            local, named = there.isoformat()[:16], there.tzname() or ""
        day, short, year = _names_of(local[:10])
        ago = now - moment
        if ago < WEEK:
            short = relative(moment, now, zone)
        elif year != this_year:
            short = f"{short} {year}"
        return f'<time datetime="{stamp}Z" title="{day}, {local[11:16]} {named}">{short}</time>'

    return told


@lru_cache(maxsize=2_000)
def _names_of(day: str) -> tuple[str, str, int]:
    """Return a day of the calendar in full and in short, and its year."""
    found = date.fromisoformat(day)
    return _day(found.year, found.month, found.day), f"{found.day} {_SHORT[found.month - 1]}", found.year


def count(number: int) -> str:
    """Return a number short enough for a badge: 999, 1.2k, 34k, 2.1m."""
    for size, unit in ((1_000_000, "m"), (1_000, "k")):
        if number >= size:
            value = number / size
            return f"{int(value * 10) / 10:g}{unit}" if value < 10 else f"{int(value)}{unit}"
    return str(number)


def grouped(number: int) -> str:
    """Return a number in full with its thousands set apart and a true minus sign."""
    return f"{number:,}".replace("-", "\u2212")
