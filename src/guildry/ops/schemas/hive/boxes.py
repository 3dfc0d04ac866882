"""A whole box: its frames replayed, where it is damaged, and what could still be saved from behind the damage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from guildry.ops.schemas.hive.book import EMPTY, Book
from guildry.ops.schemas.hive.cipher import Cipher
from guildry.ops.schemas.hive.frames import BadFrame, Flaw, Frame, Key, frame_span, read_frame, write_frame
from guildry.ops.schemas.hive.values import Dialect

# Checksums tried while looking for frames behind a damage, in bytes for each byte of the file.
PATIENCE = 64
# A length, an empty text as key, and a checksum.
SHORTEST_KEYED = 10


@dataclass(frozen=True)
class Damage:
    """Where a box stops making sense, why, and how many bytes from there on clients would cut off."""

    offset: int
    flaw: Flaw
    lost: int
    is_first_frame: bool = False

    @property
    def hint(self) -> str:
        """What a wrong key looks like, since nothing else tells."""
        if self.flaw is Flaw.CHECKSUM and self.is_first_frame:
            return "The first frame fails: is the box encrypted, with another key, or not at all?"
        return ""


class DamagedBox(ValueError):
    """The box is damaged, so nothing is written to it."""

    def __init__(self, damage: Damage) -> None:
        self.damage = damage
        super().__init__(
            f"Damaged at byte {damage.offset}: {damage.flaw}. {damage.lost} bytes are behind it."
        )


@dataclass(frozen=True)
class Box:
    """The frames of a box in file order, up to the first damage, and how to read and write it."""

    data: bytes
    frames: tuple[Frame, ...]
    damage: Damage | None = None
    book: Book = field(default=EMPTY, compare=False)
    cipher: Cipher | None = field(default=None, compare=False)
    dialect: Dialect = Dialect.HIVE_CE

    @property
    def live(self) -> dict[Key, Frame]:
        """What is left after replaying every frame, in the order clients list it."""
        held: dict[Key, Frame] = {}
        for frame in self.frames:
            if frame.is_tombstone:
                held.pop(frame.key, None)
            else:
                held[frame.key] = frame
        return {key: held[key] for key in sorted(held, key=_listed)}

    @property
    def values(self) -> dict[Key, Any]:
        """The values of all live keys; one that could not be read is None."""
        return {key: frame.value for key, frame in self.live.items()}

    @property
    def dead_count(self) -> int:
        """How many frames compaction would drop."""
        return len(self.frames) - len(self.live)

    @property
    def next_key(self) -> int:
        """The number the library would give to the next thing added without a key."""
        numbers = (f.key for f in self.frames if isinstance(f.key, int) and not f.is_tombstone)
        return max(numbers, default=-1) + 1

    def raw(self, frame: Frame) -> bytes:
        return self.data[frame.offset : frame.offset + frame.length]

    def rewrites_to_itself(self, frame: Frame) -> bool:
        """Tell whether reading and writing a frame gives its own bytes, as it does for all that clients write."""
        if frame.unread:
            return False
        again = write_frame(
            frame, cipher=self.cipher, dialect=self.dialect, vector=frame.vector, seed=frame.seed
        )
        return again == self.raw(frame)


def _listed(key: Key) -> tuple[bool, int, bytes]:
    """Numbers first, then texts by their UTF-16 units, as Dart compares them."""
    return (False, key, b"") if isinstance(key, int) else (True, 0, key.encode("utf-16-be"))


def read_box(
    data: bytes,
    *,
    book: Book = EMPTY,
    cipher: Cipher | None = None,
    dialect: Dialect = Dialect.HIVE_CE,
) -> Box:
    """Read frames until the end or the first damage; never raises for what the bytes hold."""
    frames: list[Frame] = []
    offset, damage = 0, None
    while offset < len(data):
        try:
            frames.append(read_frame(data, offset, book=book, cipher=cipher, dialect=dialect))
        except BadFrame as error:
            damage = Damage(offset, error.flaw, len(data) - offset, is_first_frame=not frames)
            break
        offset += frames[-1].length
    return Box(data, tuple(frames), damage, book, cipher, dialect)


def new_box(
    entries: Iterable[tuple[Key, Any]], *, cipher: Cipher | None = None, dialect: Dialect = Dialect.HIVE_CE
) -> bytes:
    """Return a box that holds these entries; raises Unwritable."""
    return b"".join(write_frame(Frame(key, value), cipher=cipher, dialect=dialect) for key, value in entries)


def appended(box: Box, entries: Iterable[tuple[Key, Any]]) -> bytes:
    """Return the box with further frames, TOMBSTONE deleting; raises DamagedBox before anything is written."""
    if box.damage:
        raise DamagedBox(box.damage)
    return box.data + new_box(entries, cipher=box.cipher, dialect=box.dialect)


def compacted(box: Box) -> bytes:
    """Return the live frames as they are, in file order; raises DamagedBox."""
    if box.damage:
        raise DamagedBox(box.damage)
    return b"".join(box.raw(frame) for frame in sorted(box.live.values(), key=lambda frame: frame.offset))


@dataclass(frozen=True)
class Salvage:
    """What stands before and behind the damages of a box; `gaps` are the bytes (from, to) that are nobody's."""

    data: bytes
    frames: tuple[Frame, ...]
    gaps: tuple[tuple[int, int], ...]
    gave_up: bool = False

    @property
    def lost(self) -> int:
        return sum(end - start for start, end in self.gaps)

    @property
    def contents(self) -> bytes:
        """A new box of the frames that are whole, in their order."""
        return b"".join(self.data[frame.offset : frame.offset + frame.length] for frame in self.frames)


def salvaged(box: Box) -> Salvage:
    """Look behind every damage for whole frames, byte by byte, as long as the checksums to try stay few."""
    frames, gaps = list(box.frames), []
    offset = box.damage.offset if box.damage else len(box.data)
    credit = PATIENCE * len(box.data)
    while offset < len(box.data):
        found, credit = _next_frame(box, offset, credit)
        if found is None:
            gaps.append((offset, len(box.data)))
            break
        if found.offset > offset:
            gaps.append((offset, found.offset))
        frames.append(found)
        offset = found.offset + found.length
    return Salvage(box.data, tuple(frames), tuple(gaps), gave_up=credit <= 0)


def _next_frame(box: Box, start: int, credit: int) -> tuple[Frame | None, int]:
    for offset in _candidates(box.data, start):
        length = int.from_bytes(box.data[offset : offset + 4], "little")
        if length > len(box.data) - offset:
            continue
        credit -= length
        if credit <= 0:
            return None, 0
        try:
            frame_span(box.data, offset, box.cipher)
            frame = read_frame(box.data, offset, book=box.book, cipher=box.cipher, dialect=box.dialect)
        except BadFrame:
            continue
        return frame, credit
    return None, credit


def _candidates(data: bytes, start: int) -> Iterable[int]:
    """Here first; then behind a damaged frame, when its length is still right; then every place a key could follow."""
    yield start
    length = int.from_bytes(data[start : start + 4], "little")
    if 8 <= length < len(data) - start:
        yield start + length
    for offset in range(start + 1, len(data) - SHORTEST_KEYED + 1):
        if data[offset + 4] <= 1:
            yield offset
