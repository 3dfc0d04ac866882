"""What a box can hold: Python's own values where they say everything, and a class each where they do not.

None, bool, int, float, str and bytes stand for themselves. Every other class keeps enough to write the same bytes again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a float still tells apart, and so the widest whole number that survives a box.
WIDEST_INT = 2**53


class Dialect(StrEnum):
    """Who has to read it: Hive 2 knows fewer types than hive_ce."""

    HIVE2 = "hive2"
    HIVE_CE = "hive_ce"


class Tag(IntEnum):
    """The byte before a value that says how to read it."""

    NULL = 0
    INT = 1
    DOUBLE = 2
    BOOL = 3
    STRING = 4
    BYTES = 5
    INT_LIST = 6
    DOUBLE_LIST = 7
    BOOL_LIST = 8
    STRING_LIST = 9
    LIST = 10
    MAP = 11
    LINKS = 12
    INT_SET = 13
    DOUBLE_SET = 14
    STRING_SET = 15
    OLD_INSTANT = 16
    BIG_INT = 17
    INSTANT = 18
    SET = 19
    SPAN = 20
    WIDE_TYPE = 21


ONLY_HIVE_CE = frozenset({Tag.INT_SET, Tag.DOUBLE_SET, Tag.STRING_SET, Tag.SET, Tag.SPAN, Tag.WIDE_TYPE})
SETS = frozenset({Tag.INT_SET, Tag.DOUBLE_SET, Tag.STRING_SET, Tag.SET})
FIRST_USER_TAG = 32


@dataclass(frozen=True, slots=True)
class Items:
    """A list or a set; the tag tells which, and of what. An untyped one is LIST or SET."""

    tag: Tag
    items: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """A map in the order it was written."""

    items: tuple[tuple[Any, Any], ...] = ()

    def get(self, key: Any) -> Any:
        """Return the last value under a key, or None."""
        return next((value for held, value in reversed(self.items) if held == key), None)


@dataclass(frozen=True, slots=True)
class Links:
    """A HiveList: keys of objects that live in another box."""

    box: str
    keys: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment in milliseconds since 1970. Old clients wrote no zone: then `is_utc` is None and it is their local time."""

    milliseconds: float
    is_utc: bool | None = True

    @property
    def moment(self) -> datetime | None:
        """The moment, or None when no calendar holds it."""
        try:
            return EPOCH + timedelta(milliseconds=self.milliseconds)
        except (OverflowError, ValueError):
            return None

    @classmethod
    def of(cls, moment: datetime) -> "Instant":
        """Cut an aware moment to whole milliseconds, as clients do."""
        return cls(float((moment - EPOCH) // timedelta(milliseconds=1)))


@dataclass(frozen=True, slots=True)
class Span:
    """A duration in milliseconds."""

    milliseconds: float


@dataclass(frozen=True, slots=True)
class BigInt:
    """A whole number of any size, as the decimal digits that were written."""

    digits: str


@dataclass(frozen=True, slots=True)
class Record:
    """An object of a generated class: its fields by number, in the order they were written."""

    type_id: int
    fields: tuple[tuple[int, Any], ...] = ()

    def get(self, index: int) -> Any:
        """Return the last value of a field, or None."""
        return next((value for held, value in reversed(self.fields) if held == index), None)


@dataclass(frozen=True, slots=True)
class Variant:
    """A value of a generated enum, by its number."""

    type_id: int
    index: int


@dataclass(frozen=True, slots=True)
class Unread:
    """An object whose adapter only its app knows; `payload` is everything it wrote."""

    type_id: int
    payload: bytes
