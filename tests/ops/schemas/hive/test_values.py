"""Every type of value, against bytes worked out by hand from the format."""

import math
import struct
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.ops.schemas import hive
from guildry.ops.schemas.hive import Dialect, Instant, Items, Kind, Links, Pairs, Record, Tag, Unread, Variant

POINT = hive.UserType(0, "Point", Kind.CLASS, {0: "x", 1: "y"})
COLOUR = hive.UserType(1, "Colour", Kind.ENUM, {0: "red", 1: "green"})
BLOB = hive.UserType(2, "Blob", Kind.OPAQUE)
FAR = hive.UserType(224, "Far", Kind.CLASS, {})
FARTHEST = hive.UserType(65439, "Farthest", Kind.ENUM)
BOOK = hive.Book(POINT, COLOUR, BLOB, FAR, FARTHEST)
ONE, TWO = "000000000000f03f", "0000000000000040"
HALF = "000000000000e03f"

BY_HAND: list[tuple[str, Any]] = [
    ("00", None),
    ("01" + ONE, 1),
    ("01000000000000" + "f0bf", -1),
    ("02" + HALF, 0.5),
    ("0300", False),
    ("0301", True),
    ("0400000000", ""),
    ("0402000000" + "c3a9", "é"),
    ("05020000" + "00ff00", b"\xff\0"),
    ("0602000000" + ONE + TWO, Items(Tag.INT_LIST, (1, 2))),
    ("0701000000" + HALF, Items(Tag.DOUBLE_LIST, (0.5,))),
    ("0802000000" + "0100", Items(Tag.BOOL_LIST, (True, False))),
    ("0901000000" + "0100000061", Items(Tag.STRING_LIST, ("a",))),
    ("0a02000000" + "00" + "0301", Items(Tag.LIST, (None, True))),
    ("0b01000000" + "040100000061" + "00", Pairs((("a", None),))),
    ("0b01000000" + "0a00000000" + "0301", Pairs(((Items(Tag.LIST), True),))),
    ("0c02000000" + "02" + "7173" + "0005000000" + "010161", Links("qs", (5, "a"))),
    ("0d01000000" + ONE, Items(Tag.INT_SET, (1,))),
    ("0e01000000" + HALF, Items(Tag.DOUBLE_SET, (0.5,))),
    ("0f01000000" + "0100000061", Items(Tag.STRING_SET, ("a",))),
    ("10" + ONE, Instant(1.0, None)),
    ("1102" + "2d37", hive.BigInt("-7")),
    ("12" + ONE + "01", Instant(1.0, True)),
    ("12" + TWO + "00", Instant(2.0, False)),
    ("1301000000" + "00", Items(Tag.SET, (None,))),
    ("14" + HALF, hive.Span(0.5)),
    ("20" + "02" + "00" + "0301" + "01" + "00", Record(0, ((0, True), (1, None)))),
    ("20" + "01" + "00" + "2002" + "00" + "00" + "01" + "2101", Record(0, ((0, Record(0, ((0, None), (1, Variant(1, 1))))),))),
    ("21" + "01", Variant(1, 1)),
    ("22" + "0102ff", Unread(2, b"\1\2\xff")),
    ("23" + "cafe", Unread(3, b"\xca\xfe")),
    ("15" + "4001" + "00", Record(224)),
    ("15" + "ffff" + "09", Variant(65439, 9)),
]  # fmt: skip


@pytest.mark.parametrize(("written", "value"), BY_HAND, ids=lambda part: str(part)[:24])
def test_a_value_and_its_bytes_are_the_same_thing(written: str, value: Any) -> None:
    raw = bytes.fromhex(written)

    found = hive.read_value(raw, book=BOOK)

    assert (type(found), found) == (type(value), value)
    assert hive.write_value(value) == raw


@pytest.mark.parametrize("written", [written for written, _ in BY_HAND])
def test_a_value_cut_anywhere_is_refused(written: str) -> None:
    raw = bytes.fromhex(written)
    if raw[0] in (0x22, 0x23):
        raw = raw[:1]
    for end in range(len(raw)):
        with pytest.raises(hive.Unreadable):
            hive.read_value(raw[:end], book=BOOK)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0001", "1 bytes follow the value"),
        ("16", "hive_ce has no type 22"),
        ("1f", "hive_ce has no type 31"),
        ("01" + HALF, "0.5 stands where a whole number belongs"),
        ("01000000000000f07f", "inf stands where a whole number belongs"),
        ("06010000" + "00000000000000f87f", "nan stands where a whole number belongs"),
        ("0401000000ff", "the text is not UTF-8"),
        ("04ffffffff", "4294967295 items announced, 0 bytes there"),
        ("0affffffff00", "4294967295 items announced, 1 bytes there"),
        ("0602000000" + ONE, "2 items announced, 8 bytes there"),
        ("1102" + "3078", "a big number has other signs than digits"),
        ("1100", "a big number has other signs than digits"),
        ("0c01000000" + "00", "1 items announced, 1 bytes there"),
        ("0c01000000" + "00" + "02", "no key begins with 2"),
        ("15" + "ff00", "the wide type 255 is reserved"),
        ("15" + "3f01", "the wide type 319 is reserved"),
        ("0a01000000" + "23", "the unknown type 3 ends where only its own app knows"),
        ("0a01000000" + "22", "Blob (type 2), written by hand, ends where only its own app knows"),
    ],
)
def test_what_is_no_value_says_why(written: str, reason: str) -> None:
    with pytest.raises(hive.Unreadable) as refusal:
        hive.read_value(bytes.fromhex(written), book=BOOK)

    assert refusal.value.reason == reason


@pytest.mark.parametrize("tag", [13, 14, 15, 19, 20, 21])
def test_hive_2_knows_fewer_types(tag: int) -> None:
    raw = next(bytes.fromhex(written) for written, _ in BY_HAND if int(written[:2], 16) == tag)

    with pytest.raises(hive.Unreadable, match=f"hive2 has no type {tag}"):
        hive.read_value(raw, book=BOOK, dialect=Dialect.HIVE2)
    with pytest.raises(hive.Unwritable, match="Hive 2 has no"):
        hive.write_value(hive.read_value(raw, book=BOOK), dialect=Dialect.HIVE2)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (2**53 + 1, "would be rounded"),
        (10**400, "would be rounded"),
        ("\ud800", "half of a surrogate pair"),
        (Ellipsis, "cannot hold ellipsis"),
        ([1], "cannot hold list"),
        (Items(Tag.INT_LIST, (True,)), "a whole number belongs"),
        (Items(Tag.INT_LIST, (1.0,)), "a whole number belongs"),
        (Items(Tag.DOUBLE_LIST, (1,)), "a float belongs"),
        (Items(Tag.BOOL_LIST, (1,)), "true or false belongs"),
        (Items(Tag.STRING_LIST, (b"a",)), "text belongs"),
        (Items(Tag.MAP), "neither a list nor a set"),
        (Links("Ω"), "A box is not called"),
        (Links("x" * 256), "length of a box's name"),
        (Links("x", (-1,)), "A number is a key"),
        (hive.BigInt("1e5"), "written in digits"),
        (hive.BigInt("9" * 256), "number of digits"),
        (Record(65440), "A type id"),
        (Record(-1), "A type id"),
        (Record(0, ((256, None),)), "number of a field"),
        (Record(0, ((0, None),) * 256), "number of fields"),
        (Variant(0, 256), "number of an enum's value"),
        (Items(Tag.LIST, (Unread(2, b""),)), "stands alone"),
        (Instant(1), "a float belongs"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_what_clients_would_read_differently_is_not_written(value: Any, reason: str) -> None:
    with pytest.raises(hive.Unwritable, match=reason):
        hive.write_value(value)


def test_whole_numbers_that_a_float_holds_are_written_whatever_their_size() -> None:
    assert hive.read_value(hive.write_value(-(2**53))) == -(2**53)
    assert hive.read_value(hive.write_value(2**70)) == 2**70


def nest(depth: int) -> Any:
    value: Any = None
    for _ in range(depth):
        value = Items(Tag.LIST, (value,))
    return value


def test_a_hundred_levels_are_deep_enough() -> None:
    assert hive.read_value(hive.write_value(nest(100))) == nest(100)
    with pytest.raises(hive.Unwritable, match="deeper"):
        hive.write_value(nest(101))
    with pytest.raises(hive.Unreadable, match="deeper"):
        hive.read_value(bytes.fromhex("0a01000000") * 101 + b"\0")


def test_the_last_of_two_same_keys_or_fields_counts() -> None:
    assert Pairs((("a", 1), ("a", 2), ("b", 3))).get("a") == 2
    assert Pairs().get("a") is None
    assert Record(0, ((0, 1), (0, 2))).get(0) == 2
    assert Record(0).get(0) is None


def test_moments_are_cut_to_milliseconds_in_any_zone() -> None:
    moment = datetime(2026, 11, 24, 18, 0, 0, 123999, timezone(timedelta(hours=1)))

    cut = Instant.of(moment)

    assert cut.moment == datetime(2026, 11, 24, 17, 0, 0, 123000, UTC)
    assert Instant.of(datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)).milliseconds == -1
    assert [Instant(far).moment for far in (1e18, math.inf, math.nan)] == [None, None, None]


def test_types_of_a_book_have_an_id_each() -> None:
    with pytest.raises(ValueError, match="Other and Point share id 0"):
        hive.Book(POINT, hive.UserType(0, "Other", Kind.ENUM))
    with pytest.raises(ValueError, match="a type id"):
        hive.UserType(65440, "Beyond", Kind.CLASS)
    with pytest.raises(ValueError, match="number of a field"):
        hive.UserType(1, "Wide", Kind.CLASS, {256: "x"})
    assert [kind.name for kind in BOOK] == ["Point", "Colour", "Blob", "Far", "Farthest"]


EXACT = st.integers(-(2**53), 2**53)
FLOATS = st.floats(allow_nan=False)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
KEYS = st.integers(0, 2**32 - 1) | TEXTS
FLAT: st.SearchStrategy[Any] = st.one_of(
    st.none(), EXACT, FLOATS, st.booleans(), TEXTS, st.binary(max_size=20),
    st.builds(Items, st.sampled_from([Tag.INT_LIST, Tag.INT_SET]), st.lists(EXACT, max_size=5).map(tuple)),
    st.builds(Items, st.sampled_from([Tag.DOUBLE_LIST, Tag.DOUBLE_SET]), st.lists(FLOATS, max_size=5).map(tuple)),
    st.builds(Items, st.just(Tag.BOOL_LIST), st.lists(st.booleans(), max_size=5).map(tuple)),
    st.builds(Items, st.sampled_from([Tag.STRING_LIST, Tag.STRING_SET]), st.lists(TEXTS, max_size=5).map(tuple)),
    st.builds(Instant, FLOATS, st.sampled_from([None, True, False])), st.builds(hive.Span, FLOATS),
    st.builds(hive.BigInt, st.integers(-(10**60), 10**60).map(str)),
    st.builds(Links, st.text(st.characters(codec="latin-1"), max_size=9), st.lists(KEYS, max_size=4).map(tuple)),
    st.builds(Variant, st.sampled_from([1, 65439]), st.integers(0, 255)),
)  # fmt: skip


def holding(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, max_size=4)
    fields = st.lists(st.tuples(st.integers(0, 255), inner), max_size=4).map(tuple)
    return st.one_of(
        st.builds(Items, st.sampled_from([Tag.LIST, Tag.SET]), several.map(tuple)),
        st.builds(Pairs, st.lists(st.tuples(inner, inner), max_size=4).map(tuple)),
        st.builds(Record, st.sampled_from([0, 224]), fields),
    )


VALUES = st.recursive(FLAT, holding, max_leaves=12)


@given(VALUES)
def test_any_value_comes_back_as_it_was(value: Any) -> None:
    written = hive.write_value(value)

    assert hive.read_value(written, book=BOOK) == value
    assert hive.write_value(hive.read_value(written, book=BOOK)) == written


@given(st.binary(max_size=80))
def test_any_bytes_are_a_value_or_are_refused(raw: bytes) -> None:
    try:
        value = hive.read_value(raw, book=BOOK)
    except hive.Unreadable:
        return
    written = hive.write_value(value)
    assert hive.write_value(hive.read_value(written, book=BOOK)) == written


@given(st.integers(0, 2**64 - 1))
def test_every_bit_pattern_of_a_float_survives(bits: int) -> None:
    raw = b"\2" + struct.pack("<Q", bits)

    assert hive.write_value(hive.read_value(raw)) == raw
