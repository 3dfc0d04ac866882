"""A box as people read it: its frames, its figures, and how it differs from another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from guildry.ops.schemas import hive, rules
from guildry.ops.schemas.queries.entities import book
from guildry.ops.schemas.queries.packing import shown

MOST_FRAMES = 200
LONGEST_TEXT = 400


@dataclass(frozen=True)
class Figures:
    """What a box comes to. A frame is canonical when writing it again gives its own bytes."""

    bytes: int
    frames: int
    live: int
    dead: int
    tombstones: int
    unread: int
    canonical: int
    next_key: int
    needs_hive_ce: bool


def open_box(data: bytes, *, key: bytes = b"") -> hive.Box:
    """Read a box of ours, sealed when there is a key; raises ValueError for a key of another length."""
    return hive.read_box(data, book=book(), cipher=hive.Cipher(key) if key else None)


def figures_of(box: hive.Box) -> Figures:
    live = box.live
    return Figures(
        bytes=len(box.data),
        frames=len(box.frames),
        live=len(live),
        dead=box.dead_count,
        tombstones=sum(frame.is_tombstone for frame in box.frames),
        unread=sum(bool(frame.unread) for frame in box.frames),
        canonical=sum(box.rewrites_to_itself(frame) for frame in box.frames),
        next_key=box.next_key,
        needs_hive_ce=any(_needs_hive_ce(frame) for frame in live.values()),
    )


def _needs_hive_ce(frame: hive.Frame) -> bool:
    if frame.unread:
        return False
    try:
        hive.write_frame(frame, dialect=hive.Dialect.HIVE2)
    except hive.Unwritable:
        return True
    return False


def frame_rows(box: hive.Box) -> Iterator[dict[str, Any]]:
    """Yield every frame in file order as plain data."""
    names = box.book
    for frame in box.frames:
        row: dict[str, Any] = {"offset": frame.offset, "length": frame.length, "key": frame.key}
        if frame.is_tombstone:
            row["deleted"] = True
        elif frame.unread:
            row["unread"] = frame.unread
        else:
            row["value"] = shown(frame.value, names)
        yield row


@dataclass(frozen=True)
class ShownFrame:
    """A frame as a table shows it."""

    offset: int
    length: int
    key: str
    state: str
    text: str


@dataclass(frozen=True)
class Inspection:
    """A box as a page shows it: figures, damage with what is whole behind it, and the first frames."""

    name: str
    figures: Figures
    damage: hive.Damage | None
    behind_damage: int
    lost: int
    frames: tuple[ShownFrame, ...]


def inspected(box: hive.Box, *, name: str) -> Inspection:
    """Return what to show of a box."""
    found = hive.salvaged(box)
    rows = islice(frame_rows(box), MOST_FRAMES)
    return Inspection(
        name=name,
        figures=figures_of(box),
        damage=box.damage,
        behind_damage=len(found.frames) - len(box.frames),
        lost=found.lost,
        frames=tuple(_shown_frame(row) for row in rows),
    )


def _shown_frame(row: dict[str, Any]) -> ShownFrame:
    if row.get("deleted"):
        state, text = "deleted", ""
    elif "unread" in row:
        state, text = "unreadable", row["unread"]
    else:
        state, text = "put", rules.canonical(row["value"])
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]} …"
    return ShownFrame(row["offset"], row["length"], str(row["key"]), state, text)


def changes_between(one: hive.Box, other: hive.Box) -> dict[str, list[Any]]:
    """Return the keys added, removed and changed from one box to another, changed ones with pointers."""
    before, after = one.live, other.live
    changed = [
        {"key": key, "at": _places(before[key], after[key])}
        for key in before
        if key in after and not _same(before[key], after[key])
    ]
    return {
        "added": [key for key in after if key not in before],
        "removed": [key for key in before if key not in after],
        "changed": changed,
    }


def _same(one: hive.Frame, other: hive.Frame) -> bool:
    """Values are the same when they are written the same, so that 1 and 1.0 differ."""
    if one.unread or other.unread:
        return one.unread == other.unread
    return hive.write_value(one.value) == hive.write_value(other.value)


def _places(one: hive.Frame, other: hive.Frame) -> list[str]:
    if one.unread or other.unread:
        return [""]
    return list(rules.differences(shown(one.value, book()), shown(other.value, book()))) or [""]
