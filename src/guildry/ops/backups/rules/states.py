"""What may become of a backup, when the next one is due, and when the newest is too old."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from guildry.kernel.states import Transitions

MANY_ENOUGH = 2


class State(StrEnum):
    ORDERED = "ordered"
    MAKING = "making"
    MADE = "made"
    VERIFIED = "verified"
    DAMAGED = "damaged"
    FAILED = "failed"
    PRUNED = "pruned"


STATES = Transitions(
    {
        State.ORDERED: frozenset({State.MAKING, State.FAILED}),
        State.MAKING: frozenset({State.MADE, State.VERIFIED, State.FAILED}),
        State.MADE: frozenset({State.VERIFIED, State.DAMAGED, State.PRUNED}),
        State.VERIFIED: frozenset({State.VERIFIED, State.DAMAGED, State.PRUNED}),
        State.DAMAGED: frozenset({State.VERIFIED, State.DAMAGED, State.PRUNED}),
        State.FAILED: frozenset(),
        State.PRUNED: frozenset(),
    }
)


def name_of(moment: datetime, distinct: str) -> str:
    """Return what a backup of a moment is called; names sort as times do."""
    return f"{moment:%Y%m%dT%H%M%SZ}-{distinct}"


def recipients_refusal(recipients: Collection[str]) -> str:
    """Say what is wrong with the number of recipients; empty when nothing is, or when none are named at all."""
    if not recipients or len(set(recipients)) >= MANY_ENOUGH:
        return ""
    return "takes two different recipients at least, so that one lost key does not lose every backup."


def is_due(last: datetime | None, every: timedelta, *, now: datetime) -> bool:
    return last is None or now - last >= every


def is_stale(last: datetime | None, most: timedelta, *, now: datetime) -> bool:
    return last is None or now - last > most


def words_for(age: timedelta) -> str:
    """Say how long ago that is, in the largest unit that fits."""
    seconds = max(0, round(age.total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
