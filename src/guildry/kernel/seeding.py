"""What the seed packs of all apps share: the cast of a made-up community and deterministic dice."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """One member of the cast. `place` is a town and country; `day_rate_minor` is in `currency`, 0 when not for hire.

    `experience` lines read "2019- | Title | Organisation", `qualifications` lines "2014 | Title | Awarded by", `portfolio`
    lines "pattern colours | Title | What it was | What its picture shows".
    """

    handle: str
    name: str
    headline: str
    story: str
    place: str
    time_zone: str
    hats: tuple[str, ...] = ()
    staff_roles: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    day_rate_minor: int = 0
    currency: str = "GBP"
    persona: str = ""
    experience: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    portfolio: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guild:
    """One organisation of the cast; `people` are handles, the first one owns it."""

    handle: str
    name: str
    kind: str
    tagline: str
    story: str
    place: str
    people: tuple[str, ...]
    size: str = ""
    founded: int | None = None


@dataclass
class World:
    """A seed run: everything happens relative to `now`."""

    now: datetime
    cast: tuple[Person, ...]
    guilds: tuple[Guild, ...]


Act = Callable[[], object]


def dice_for(purpose: str) -> random.Random:
    """Return dice that roll the same way every time for one purpose, whatever was rolled for others."""
    return random.Random(f"guildry:{purpose}")  # noqa: S311 - demo rows, not secrets


def in_steps(acts: Sequence[Act], size: int) -> list[Callable[[], None]]:
    """Return steps that do `size` acts each, in order."""
    return [_doing(acts[start : start + size]) for start in range(0, len(acts), size)]


def _doing(acts: Sequence[Act]) -> Callable[[], None]:
    def step() -> None:
        for act in acts:
            act()

    return step
