"""What the cast says and when: the written posts laid out over sixty days, with what follows each of them."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

DAYS = 60
# More is said every week than in the one before: with 1 it would be the same all the time.
GROWTH = 1.7
FILES = ("posts.toml", "posts_more.toml", "posts_rest.toml", "posts_houses.toml")
# Most posts are read and liked; only every fifth one passed on without a word becomes a post of its own.
BARE_REPOSTS = 1 / 5


@dataclass(frozen=True)
class Line:
    """One line of a thread: how deep it stands, who says it, what."""

    depth: int
    handle: str
    text: str


@dataclass(frozen=True)
class Told:
    """A post of the corpus at its moment."""

    at: datetime
    by: str
    text: str
    edited: str = ""
    picture: tuple[str, str] | None = None
    poll: tuple[str, ...] = ()
    to: str = "everyone"
    replies: tuple[Line, ...] = ()
    reposts: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Pending:
    """A draft, to be published some days from now when `in_days` is more than 0."""

    by: str
    text: str
    in_days: int = 0


def told(now: datetime, dice: Random) -> list[Told]:
    """Return every post in the order of time, the last one shortly before `now`."""
    entries = _mixed(_corpus()["post"], dice)
    posts = []
    for place, entry in enumerate(entries):
        left = 1 - (place + dice.random()) / len(entries)
        moment = now - timedelta(days=DAYS) * left**GROWTH
        latest = now - timedelta(minutes=20, seconds=len(entries) - place)
        posts.append(_told(entry, min(moment, latest)))
    return sorted(posts, key=lambda post: post.at)


def drafts() -> list[Pending]:
    return [Pending(**entry) for entry in _corpus()["draft"]]


@cache
def _corpus() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name in FILES:
        for kind, entries in tomllib.loads((Path(__file__).parent / name).read_text()).items():
            found[kind] += entries
    return found


def _mixed(entries: list[dict[str, Any]], dice: Random) -> list[dict[str, Any]]:
    """Shuffle the authors but let each one say things in the order they were written, as some continue others."""
    by_author = defaultdict(list)
    for entry in entries:
        by_author[entry["by"]].append(entry)
    waiting = {author: iter(written) for author, written in by_author.items()}
    order = [entry["by"] for entry in entries]
    dice.shuffle(order)
    return [next(waiting[author]) for author in order]


def _told(entry: dict[str, Any], at: datetime) -> Told:
    what, _, description = entry.get("picture", "").partition(": ")
    return Told(
        at=at,
        by=entry["by"],
        text=_dated(entry["text"], at),
        edited=_dated(entry.get("edited", ""), at),
        picture=(what, description) if what else None,
        poll=tuple(part.strip() for part in entry["poll"].split("|")) if "poll" in entry else (),
        to=entry.get("to", "everyone"),
        replies=tuple(_lines(entry.get("replies", ()))),
        reposts=tuple(
            (handle, note) for handle, _, note in (r.partition(": ") for r in entry.get("reposts", ()))
        ),
    )


def _lines(replies: list[str]) -> Iterator[Line]:
    for reply in replies:
        words = reply.lstrip(">")
        handle, _, text = words.strip().partition(": ")
        yield Line(len(reply) - len(words), handle, text)


def _dated(text: str, at: datetime) -> str:
    """Fill in the names of months around a moment."""
    middle = at.replace(day=15)
    months = {
        "last_month": middle - timedelta(days=30),
        "month": middle,
        "next_month": middle + timedelta(days=30),
    }
    for name, moment in months.items():
        text = text.replace(f"{{{name}}}", f"{moment:%B}")
    return text
