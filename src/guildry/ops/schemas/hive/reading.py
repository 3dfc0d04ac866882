"""Reading a value: every length is compared with what is left before anything is made of it."""

import re
import struct
from collections.abc import Callable
from typing import Any

from guildry.ops.schemas.hive.book import EMPTY, Book, Kind, UserType
from guildry.ops.schemas.hive.values import (
    FIRST_USER_TAG,
    ONLY_HIVE_CE,
    BigInt,
    Dialect,
    Instant,
    Items,
    Links,
    Pairs,
    Record,
    Span,
    Tag,
    Unread,
    Variant,
)

DEEPEST = 100
DIGITS = re.compile(r"-?[0-9]+")
WIDE_OFFSET, FIRST_WIDE = 96, 320


class Unreadable(ValueError):
    """The bytes are not a value, or one that only its own app can read; `at` is where in the value that shows."""

    def __init__(self, reason: str, at: int) -> None:
        self.reason, self.at = reason, at
        super().__init__(f"{reason} (at byte {at} of the value)")


class Reader:
    """A position in the bytes of one value, and what moves it."""

    def __init__(self, data: bytes, book: Book = EMPTY, dialect: Dialect = Dialect.HIVE_CE) -> None:
        self.data, self.book, self.dialect = data, book, dialect
        self.at = self.depth = 0

    def refuse(self, reason: str) -> Unreadable:
        return Unreadable(reason, self.at)

    def take(self, size: int) -> bytes:
        """Return the next bytes; raises Unreadable when there are fewer."""
        if size > len(self.data) - self.at:
            raise self.refuse(f"{size} bytes announced, {len(self.data) - self.at} there")
        self.at += size
        return self.data[self.at - size : self.at]

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.at)

    def byte(self) -> int:
        return self.take(1)[0]

    def short(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def size(self, least: int = 1) -> int:
        """Return a count of things of at least `least` bytes; raises Unreadable when so many cannot follow."""
        count = int.from_bytes(self.take(4), "little")
        if count * least > len(self.data) - self.at:
            raise self.refuse(f"{count} items announced, {len(self.data) - self.at} bytes there")
        return count

    def doubles(self, count: int) -> tuple[float, ...]:
        return struct.unpack(f"<{count}d", self.take(8 * count))

    def double(self) -> float:
        return self.doubles(1)[0]

    def whole(self, number: float) -> int:
        """Turn the float that stands for an int into it; raises Unreadable when it is none."""
        if not number.is_integer():
            raise self.refuse(f"{number} stands where a whole number belongs")
        return int(number)

    def ints(self, count: int) -> tuple[int, ...]:
        return tuple(self.whole(number) for number in self.doubles(count))

    def text(self) -> str:
        return self.utf8(self.take(self.size()))

    def utf8(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise self.refuse("the text is not UTF-8") from None

    def key(self) -> int | str:
        """Return a key; raises Unreadable for a kind no version writes."""
        kind = self.byte()
        if kind == 0:
            return int.from_bytes(self.take(4), "little")
        if kind == 1:
            return self.utf8(self.take(self.byte()))
        raise self.refuse(f"no key begins with {kind}")

    def value(self) -> Any:
        """Return the value here, type byte first; raises Unreadable."""
        tag = self.byte()
        if tag >= FIRST_USER_TAG:
            return self.user(tag - FIRST_USER_TAG)
        read = READERS.get(tag)
        if read is None or (tag in ONLY_HIVE_CE and self.dialect is Dialect.HIVE2):
            raise self.refuse(f"{self.dialect} has no type {tag}")
        return read(self)

    def nested(self) -> Any:
        """Return a value inside another one; raises Unreadable beyond a depth no app needs."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refuse(f"nested deeper than {DEEPEST}")
        found = self.value()
        self.depth -= 1
        return found

    def user(self, type_id: int) -> Any:
        """Return an object of a user type. Without a contract it can only be kept whole, and only at the top."""
        known = self.book.get(type_id)
        if known is not None and known.kind is Kind.CLASS:
            return Record(type_id, tuple((self.byte(), self.nested()) for _ in range(self.byte())))
        if known is not None and known.kind is Kind.ENUM:
            return Variant(type_id, self.byte())
        if self.depth:
            raise self.refuse(f"{_described(type_id, known)} ends where only its own app knows")
        return Unread(type_id, self.rest())


def _described(type_id: int, known: UserType | None) -> str:
    return f"{known.name} (type {type_id}), written by hand," if known else f"the unknown type {type_id}"


def _links(reader: Reader) -> Links:
    count = reader.size(least=2)
    name = reader.take(reader.byte()).decode("latin-1")
    return Links(name, tuple(reader.key() for _ in range(count)))


def _wide(reader: Reader) -> Any:
    number = reader.short()
    if number < FIRST_WIDE:
        raise reader.refuse(f"the wide type {number} is reserved")
    return reader.user(number - WIDE_OFFSET)


def _big_int(reader: Reader) -> BigInt:
    digits = reader.take(reader.byte()).decode("latin-1")
    if not DIGITS.fullmatch(digits):
        raise reader.refuse("a big number has other signs than digits")
    return BigInt(digits)


def _pairs(reader: Reader) -> Pairs:
    return Pairs(tuple((reader.nested(), reader.nested()) for _ in range(reader.size(least=2))))


def _items(tag: Tag, read: Callable[[Reader], tuple[Any, ...]]) -> Callable[[Reader], Items]:
    return lambda reader: Items(tag, read(reader))


def _ints(reader: Reader) -> tuple[int, ...]:
    return reader.ints(reader.size(least=8))


def _doubles(reader: Reader) -> tuple[float, ...]:
    return reader.doubles(reader.size(least=8))


def _texts(reader: Reader) -> tuple[str, ...]:
    return tuple(reader.text() for _ in range(reader.size(least=4)))


def _mixed(reader: Reader) -> tuple[Any, ...]:
    return tuple(reader.nested() for _ in range(reader.size()))


READERS: dict[int, Callable[[Reader], Any]] = {
    Tag.NULL: lambda reader: None,
    Tag.INT: lambda reader: reader.whole(reader.double()),
    Tag.DOUBLE: Reader.double,
    Tag.BOOL: lambda reader: reader.byte() > 0,
    Tag.STRING: Reader.text,
    Tag.BYTES: lambda reader: reader.take(reader.size()),
    Tag.INT_LIST: _items(Tag.INT_LIST, _ints),
    Tag.DOUBLE_LIST: _items(Tag.DOUBLE_LIST, _doubles),
    Tag.BOOL_LIST: _items(Tag.BOOL_LIST, lambda r: tuple(byte > 0 for byte in r.take(r.size()))),
    Tag.STRING_LIST: _items(Tag.STRING_LIST, _texts),
    Tag.LIST: _items(Tag.LIST, _mixed),
    Tag.MAP: _pairs,
    Tag.LINKS: _links,
    Tag.INT_SET: _items(Tag.INT_SET, _ints),
    Tag.DOUBLE_SET: _items(Tag.DOUBLE_SET, _doubles),
    Tag.STRING_SET: _items(Tag.STRING_SET, _texts),
    Tag.OLD_INSTANT: lambda reader: Instant(reader.double(), None),
    Tag.BIG_INT: _big_int,
    Tag.INSTANT: lambda reader: Instant(reader.double(), reader.byte() > 0),
    Tag.SET: _items(Tag.SET, _mixed),
    Tag.SPAN: lambda reader: Span(reader.double()),
    Tag.WIDE_TYPE: _wide,
}


def read_value(data: bytes, *, book: Book = EMPTY, dialect: Dialect = Dialect.HIVE_CE) -> Any:
    """Return the one value that the bytes are; raises Unreadable, also when anything follows it."""
    reader = Reader(data, book, dialect)
    found = reader.value()
    if reader.at < len(data):
        raise reader.refuse(f"{len(data) - reader.at} bytes follow the value")
    return found
