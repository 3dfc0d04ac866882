"""What a sequence of samples means: when something counts as down, and how bad a minute was."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import Any

# How many samples in a row turn a verdict: what is critical falls at once, what is optional may miss two.
FALLS_AFTER = {True: 1, False: 3}
RISES_AFTER = 2


class Level(IntEnum):
    """How a dependency or the whole stands, best first."""

    PASS = 0
    WARN = 1
    FAIL = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Standing:
    """The verdict on a check and how many samples in a row have spoken against it."""

    passes: bool
    against: int = 0

    @property
    def is_in_doubt(self) -> bool:
        return not self.passes or self.against > 0


def after_sample(before: Standing | None, *, passes: bool, critical: bool) -> Standing:
    """Return the standing after one more sample; the first sample decides alone."""
    if before is None:
        return Standing(passes)
    if passes == before.passes:
        return Standing(passes)
    needed = RISES_AFTER if passes else FALLS_AFTER[critical]
    against = before.against + 1
    return Standing(passes) if against >= needed else Standing(before.passes, against)


def level_of(*, passes: bool, critical: bool) -> Level:
    if passes:
        return Level.PASS
    return Level.FAIL if critical else Level.WARN


@dataclass(frozen=True)
class Stretch:
    """Minutes in a row that were alike; `start` counts from the first of all."""

    start: int
    minutes: int
    level: Level


def stretches(minutes: Sequence[Level | None]) -> list[Stretch]:
    """Join minutes that were alike, leaving out those in which nothing was seen."""
    found, start = [], 0
    for level, run in groupby(minutes):
        length = len(list(run))
        if level is not None:
            found.append(Stretch(start, length, level))
        start += length
    return found


@dataclass(frozen=True)
class Page:
    """Some rows of a list that stays as it was when its first page was made, and where the next page begins."""

    rows: tuple[Any, ...]
    next: int | None


def page_of(rows: Sequence[Any], start: int, limit: int) -> Page:
    end = start + limit
    return Page(tuple(rows[start:end]), end if end < len(rows) else None)
