"""Who sees which section of a profile, what a profile may hold, and when it is complete."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Whom a section is shown to, each wider than the next."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    CONNECTIONS = "connections"
    ONLY_ME = "only_me"

    @property
    def label(self) -> str:
        return {
            "everyone": "Everyone",
            "members": "Members",
            "connections": "Connections",
            "only_me": "Only me",
        }[self]


class Closeness(StrEnum):
    """How near a viewer stands to the member whose profile it is."""

    GUEST = "guest"
    MEMBER = "member"
    CONNECTION = "connection"
    SELF = "self"
    INSPECTOR = "inspector"


SECTIONS = (
    "story",
    "place",
    "availability",
    "rates",
    "skills",
    "experience",
    "qualifications",
    "portfolio",
    "languages",
    "links",
)
SEEN_BY: dict[Closeness, frozenset[Audience]] = {
    Closeness.GUEST: frozenset({Audience.EVERYONE}),
    Closeness.MEMBER: frozenset({Audience.EVERYONE, Audience.MEMBERS}),
    Closeness.CONNECTION: frozenset({Audience.EVERYONE, Audience.MEMBERS, Audience.CONNECTIONS}),
    Closeness.SELF: frozenset(Audience),
    Closeness.INSPECTOR: frozenset(Audience),
}
DEFAULT_AUDIENCES = dict.fromkeys(SECTIONS, Audience.EVERYONE) | {
    "availability": Audience.MEMBERS,
    "rates": Audience.MEMBERS,
}
SKILLS, EXPERIENCES, QUALIFICATIONS, PORTFOLIO_ITEMS, LANGUAGES, LINKS = 30, 30, 30, 24, 20, 8
LEVELS = ("native", "fluent", "professional", "conversational", "basic")
EARLIEST = date(1920, 1, 1)


def closeness(*, viewer_id: int | None, member_id: int, is_close: bool, inspects: bool) -> Closeness:
    """Return how near the viewer stands; an inspector sees all because a permission says so."""
    if viewer_id is None:
        return Closeness.GUEST
    if viewer_id == member_id:
        return Closeness.SELF
    if inspects:
        return Closeness.INSPECTOR
    return Closeness.CONNECTION if is_close else Closeness.MEMBER


def sees(nearness: Closeness, audience: str) -> bool:
    return Audience(audience) in SEEN_BY[nearness]


def is_in_order(start: date, end: date | None) -> bool:
    """Tell whether a span begins in living memory and does not end before it begins."""
    return start >= EARLIEST and (end is None or end >= start)


def fold(text: str) -> str:
    """Return text as names and skills are compared: one case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def sort_key(name: str) -> str:
    """Return a name as lists order it."""
    folded = fold(name)
    return (re.sub(r"^\W+", "", folded) or folded)[:80]


@dataclass(frozen=True)
class Presence:
    """What a profile has, for the meter: counts and yes or no."""

    portrait: bool
    headline: bool
    story_words: int
    place: bool
    skills: int
    experiences: int
    languages: int
    availability: bool
    portfolio_items: int
    is_for_hire: bool


@dataclass(frozen=True)
class Step:
    """One thing that makes a profile more useful: `points` out of 100, why it matters, and where to do it."""

    key: str
    label: str
    reason: str
    points: int
    is_done: bool


STORY_WORDS, SKILLS_WANTED = 30, 4


def steps(presence: Presence) -> tuple[Step, ...]:
    """Return every step with whether it is done; the points of all of them sum to 100."""
    # Those who are for hire are asked for an example of their work before the languages they speak.
    example, languages = (10, 5) if presence.is_for_hire else (5, 10)
    return (
        Step("headline", "Write a headline", "It stands beside your name everywhere.", 15, presence.headline),
        Step("story", f"Tell your story in {STORY_WORDS} words or more", "People decide from it whether to write to you.",
             15, presence.story_words >= STORY_WORDS),
        Step("skills", f"Add {SKILLS_WANTED} skills or more", "Search and matching go by them.",
             20, presence.skills >= SKILLS_WANTED),
        Step("place", "Say where you are", "It tells others your time of day and whether you can meet.", 10, presence.place),
        Step("experience", "Add something you have done", "It shows what the skills were used for.",
             10, presence.experiences > 0),
        Step("languages", "Add the languages you work in", "Some clients look for one first.", languages, presence.languages > 0),
        Step("availability", "Say when you are free", "Nobody likes to ask in vain.", 10, presence.availability),
        Step("portrait", "Choose a portrait", "A face is remembered; a drawn one is fine until then.", 5, presence.portrait),
        Step("portfolio", "Show a piece of work", "One good example says more than a list.",
             example, presence.portfolio_items > 0),
    )  # fmt: skip


def completeness(found: Collection[Step]) -> int:
    """Return the points earned, 0 to 100."""
    return sum(step.points for step in found if step.is_done)
