"""One frame: its length, a key, a value or none, and a checksum over them."""

import os
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from guildry.ops.schemas.hive.book import EMPTY, Book
from guildry.ops.schemas.hive.cipher import BLOCK, Cipher, CipherError
from guildry.ops.schemas.hive.reading import Reader, Unreadable, read_value
from guildry.ops.schemas.hive.values import Dialect
from guildry.ops.schemas.hive.writing import Unwritable, write_key, write_value

Key = int | str
SHORTEST = 8
LONGEST = 2**32 - 1


class Flaw(StrEnum):
    """Why the bytes at a place are no frame."""

    HEADER = "the file ends inside the length of a frame"
    LENGTH = "a frame says it is shorter than any frame"
    CUT = "the file ends inside a frame"
    CHECKSUM = "the checksum of a frame is wrong"
    KEY = "a frame has no key that any version writes"


class BadFrame(ValueError):
    """There is no frame where one should begin."""

    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw
        super().__init__(flaw.value)


class Tombstone:
    """What a frame holds that deletes its key."""

    def __repr__(self) -> str:
        return "TOMBSTONE"


TOMBSTONE: Final = Tombstone()


@dataclass(frozen=True)
class Frame:
    """A key and what was put under it; `unread` says why `value` is None although something is there.

    `vector` and `seed` are those it was read with, so that writing it again gives the same bytes.
    """

    key: Key
    value: Any = TOMBSTONE
    offset: int = 0
    length: int = 0
    unread: str = ""
    vector: bytes = b""
    seed: int = 0

    @property
    def is_tombstone(self) -> bool:
        return self.value is TOMBSTONE


def write_frame(
    frame: Frame,
    *,
    cipher: Cipher | None = None,
    dialect: Dialect = Dialect.HIVE_CE,
    vector: bytes = b"",
    seed: int | None = None,
) -> bytes:
    """Return the bytes of a frame, sealed when there is a cipher; raises Unwritable.

    `vector` and `seed` give the same bytes twice; otherwise one is drawn anew and the other is the key's.
    """
    if frame.unread:
        raise Unwritable("A frame that could not be read is not written again.")
    value = b"" if frame.is_tombstone else write_value(frame.value, dialect=dialect)
    if value and cipher is not None:
        value = cipher.seal(value, vector or os.urandom(BLOCK))
    body = write_key(frame.key) + value
    length = len(body) + SHORTEST
    if length > LONGEST:
        raise Unwritable("A frame is shorter than 4 GB.")
    head = length.to_bytes(4, "little") + body
    if seed is None:
        seed = cipher.key_crc if cipher else 0
    return head + zlib.crc32(head, seed).to_bytes(4, "little")


def frame_span(data: bytes, offset: int, cipher: Cipher | None = None) -> tuple[int, int]:
    """Return the length of the frame at an offset and the seed its checksum holds with; raises BadFrame.

    Some versions sealed values but began the checksum at 0; both are taken.
    """
    left = len(data) - offset
    if left < 4:
        raise BadFrame(Flaw.HEADER)
    length = int.from_bytes(data[offset : offset + 4], "little")
    if length < SHORTEST:
        raise BadFrame(Flaw.LENGTH)
    if length > left:
        raise BadFrame(Flaw.CUT)
    covered = memoryview(data)[offset : offset + length - 4]
    written = int.from_bytes(data[offset + length - 4 : offset + length], "little")
    for seed in (cipher.key_crc, 0) if cipher else (0,):
        if zlib.crc32(covered, seed) == written:
            return length, seed
    raise BadFrame(Flaw.CHECKSUM)


def read_frame(
    data: bytes,
    offset: int = 0,
    *,
    book: Book = EMPTY,
    cipher: Cipher | None = None,
    dialect: Dialect = Dialect.HIVE_CE,
) -> Frame:
    """Return the frame at an offset; raises BadFrame. A value that cannot be read is said in `unread`."""
    length, seed = frame_span(data, offset, cipher)
    reader = Reader(data[offset + 4 : offset + length - 4], book, dialect)
    try:
        key = reader.key()
    except Unreadable:
        raise BadFrame(Flaw.KEY) from None
    raw = reader.rest()
    if not raw:
        return Frame(key, TOMBSTONE, offset, length, seed=seed)
    vector = raw[:BLOCK] if cipher else b""
    try:
        value = read_value(cipher.open(raw) if cipher else raw, book=book, dialect=dialect)
    except (Unreadable, CipherError) as error:
        return Frame(key, None, offset, length, str(error), vector, seed)
    return Frame(key, value, offset, length, "", vector, seed)
