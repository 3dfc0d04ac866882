"""Writing a value as clients do, and refusing what they would read back as something else."""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from guildry.ops.schemas.hive.book import MAX_TYPE_ID, MAX_TYPE_ID_OF_HIVE2
from guildry.ops.schemas.hive.reading import DEEPEST, DIGITS, WIDE_OFFSET
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

LONGEST_KEY = 255


class Unwritable(ValueError):
    """No box can hold this so that every client reads the same."""


def write_value(value: Any, *, dialect: Dialect = Dialect.HIVE_CE) -> bytes:
    """Return the bytes of a value, type byte first; raises Unwritable."""
    return _written(value, dialect, 0)


def write_key(key: int | str) -> bytes:
    """Return the bytes of a key; raises Unwritable.

    The libraries count up to 255 UTF-16 units of a text but store the number of its UTF-8 bytes in one byte, so a
    longer key would wrap and ruin its frame.
    """
    if isinstance(key, str):
        raw = _utf8(key)
        if len(raw) > LONGEST_KEY:
            raise Unwritable(f"A key is at most {LONGEST_KEY} bytes long; this one is {len(raw)}.")
        return bytes((1, len(raw))) + raw
    if isinstance(key, bool) or not 0 <= key < 2**32:
        raise Unwritable(f"A number is a key from 0 to {2**32 - 1}, which {key} is not.")
    return b"\0" + _size(key)


def _written(value: Any, dialect: Dialect, depth: int) -> bytes:
    if depth > DEEPEST:
        raise Unwritable(f"Nested deeper than {DEEPEST}.")
    write = WRITERS.get(type(value))
    if write is None:
        raise Unwritable(f"A box cannot hold {type(value).__name__}.")
    return write(value, dialect, depth)


def _tagged(tag: Tag, dialect: Dialect, *parts: bytes) -> bytes:
    if dialect is Dialect.HIVE2 and tag in ONLY_HIVE_CE:
        raise Unwritable(f"Hive 2 has no {tag.name.lower().replace('_', ' ')}.")
    return b"".join((bytes((tag,)), *parts))


def _size(number: int) -> bytes:
    return number.to_bytes(4, "little")


def _small(number: int, what: str) -> bytes:
    if not 0 <= number <= 255:
        raise Unwritable(f"{what} is between 0 and 255, not {number}.")
    return bytes((number,))


def _double(number: float) -> bytes:
    if type(number) is not float:
        raise Unwritable(f"{number!r} stands where a float belongs.")
    return struct.pack("<d", number)


def _whole(number: int) -> bytes:
    """Boxes hold whole numbers as floats; raises Unwritable when that would change the number."""
    if type(number) is not int:
        raise Unwritable(f"{number!r} stands where a whole number belongs.")
    try:
        same = int(float(number)) == number
    except OverflowError:
        same = False
    if not same:
        raise Unwritable(f"{number} would be rounded; send it as text.")
    return struct.pack("<d", number)


def _utf8(text: str) -> bytes:
    if not isinstance(text, str):
        raise Unwritable(f"{text!r} stands where text belongs.")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unwritable("The text holds half of a surrogate pair.") from None


def _text(text: str) -> bytes:
    raw = _utf8(text)
    return _size(len(raw)) + raw


def _bool(value: bool) -> bytes:
    if type(value) is not bool:
        raise Unwritable(f"{value!r} stands where true or false belongs.")
    return b"\1" if value else b"\0"


def _items(value: Items, dialect: Dialect, depth: int) -> bytes:
    if value.tag in PLAIN:
        parts: Iterable[bytes] = map(PLAIN[value.tag], value.items)
    elif value.tag in (Tag.LIST, Tag.SET):
        parts = _all(value.items, dialect, depth)
    else:
        raise Unwritable(f"{value.tag!r} is neither a list nor a set.")
    return _tagged(value.tag, dialect, _size(len(value.items)), *parts)


def _pairs(value: Pairs, dialect: Dialect, depth: int) -> bytes:
    flat = (part for pair in value.items for part in pair)
    return _tagged(Tag.MAP, dialect, _size(len(value.items)), *_all(flat, dialect, depth))


def _all(values: Iterable[Any], dialect: Dialect, depth: int) -> Iterator[bytes]:
    return (_written(value, dialect, depth + 1) for value in values)


def _links(value: Links, dialect: Dialect, depth: int) -> bytes:
    try:
        name = value.box.encode("latin-1")
    except UnicodeEncodeError:
        raise Unwritable(f"A box is not called {value.box!r}.") from None
    length = _small(len(name), "The length of a box's name")
    return _tagged(Tag.LINKS, dialect, _size(len(value.keys)), length, name, *map(write_key, value.keys))


def _instant(value: Instant, dialect: Dialect, depth: int) -> bytes:
    if value.is_utc is None:
        return _tagged(Tag.OLD_INSTANT, dialect, _double(value.milliseconds))
    return _tagged(Tag.INSTANT, dialect, _double(value.milliseconds), _bool(value.is_utc))


def _big_int(value: BigInt, dialect: Dialect, depth: int) -> bytes:
    if not DIGITS.fullmatch(value.digits):
        raise Unwritable("A big number is written in digits.")
    length = _small(len(value.digits), "The number of digits")
    return _tagged(Tag.BIG_INT, dialect, length, value.digits.encode())


def _type(type_id: int, dialect: Dialect) -> bytes:
    if not 0 <= type_id <= MAX_TYPE_ID:
        raise Unwritable(f"A type id is between 0 and {MAX_TYPE_ID}, not {type_id}.")
    if type_id <= MAX_TYPE_ID_OF_HIVE2:
        return bytes((type_id + FIRST_USER_TAG,))
    return _tagged(Tag.WIDE_TYPE, dialect, (type_id + WIDE_OFFSET).to_bytes(2, "little"))


def _record(value: Record, dialect: Dialect, depth: int) -> bytes:
    count = _small(len(value.fields), "The number of fields")
    parts = (
        _small(index, "The number of a field") + _written(item, dialect, depth + 1)
        for index, item in value.fields
    )
    return b"".join((_type(value.type_id, dialect), count, *parts))


def _variant(value: Variant, dialect: Dialect, depth: int) -> bytes:
    return _type(value.type_id, dialect) + _small(value.index, "The number of an enum's value")


def _unread(value: Unread, dialect: Dialect, depth: int) -> bytes:
    if depth:
        raise Unwritable("What only its own app can read stands alone in a frame.")
    return _type(value.type_id, dialect) + value.payload


PLAIN: dict[Tag, Callable[[Any], bytes]] = {
    Tag.INT_LIST: _whole,
    Tag.DOUBLE_LIST: _double,
    Tag.BOOL_LIST: _bool,
    Tag.STRING_LIST: _text,
    Tag.INT_SET: _whole,
    Tag.DOUBLE_SET: _double,
    Tag.STRING_SET: _text,
}
WRITERS: dict[type, Callable[[Any, Dialect, int], bytes]] = {
    type(None): lambda value, dialect, depth: _tagged(Tag.NULL, dialect),
    bool: lambda value, dialect, depth: _tagged(Tag.BOOL, dialect, _bool(value)),
    int: lambda value, dialect, depth: _tagged(Tag.INT, dialect, _whole(value)),
    float: lambda value, dialect, depth: _tagged(Tag.DOUBLE, dialect, _double(value)),
    str: lambda value, dialect, depth: _tagged(Tag.STRING, dialect, _text(value)),
    bytes: lambda value, dialect, depth: _tagged(Tag.BYTES, dialect, _size(len(value)), value),
    Items: _items,
    Pairs: _pairs,
    Links: _links,
    Instant: _instant,
    Span: lambda value, dialect, depth: _tagged(Tag.SPAN, dialect, _double(value.milliseconds)),
    BigInt: _big_int,
    Record: _record,
    Variant: _variant,
    Unread: _unread,
}
