"""What the seed packs of all apps share: the cast of a made-up community and one deterministic dice."""

import random
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """One member of the cast. `place` is a town and country; `day_rate_minor` is in `currency`, 0 when not for hire.

    `experience` lines read "2019- | Title | Organisation", `qualifications` lines "2014 | Title | Awarded by".
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
    """A seed run: everything happens relative to `now`, and `dice` rolls the same way every time."""

    now: datetime
    cast: tuple[Person, ...]
    guilds: tuple[Guild, ...]
    dice: random.Random = field(default_factory=lambda: random.Random(20_26))  # noqa: S311 - demo rows, not secrets
