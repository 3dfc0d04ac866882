"""Frames and whole boxes: replay, order, checksums, and damage that is told and never written to."""

import ast
import random
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.ops.schemas import hive
from guildry.ops.schemas.hive import TOMBSTONE, Flaw, Frame
from tests.ops.schemas.hive.test_values import BOOK, VALUES

KEY = hive.Cipher(bytes(range(32)))
OTHER_KEY = hive.Cipher(bytes(32))
ENTRIES: list[tuple[hive.Key, Any]] = [("a", "first"), (7, 1), ("b", None), ("a", TOMBSTONE), (3, True)]


def checked(body: bytes, seed: int = 0) -> bytes:
    head = (len(body) + 8).to_bytes(4, "little") + body
    return head + zlib.crc32(head, seed).to_bytes(4, "little")


def test_a_frame_is_length_key_value_checksum() -> None:
    assert hive.write_frame(Frame(7, True)) == checked(bytes.fromhex("0007000000" + "0301"))
    assert hive.write_frame(Frame("é", None)) == checked(bytes.fromhex("0102c3a9" + "00"))
    assert hive.write_frame(Frame("a")) == checked(bytes.fromhex("010161"))


def test_a_sealed_frame_keeps_its_key_in_clear_and_begins_its_checksum_with_the_key() -> None:
    raw = hive.write_frame(Frame("a", True), cipher=KEY, vector=bytes(16))

    assert raw[4:7] == b"\1\1a"
    assert raw[7:23] == bytes(16)
    assert len(raw) == 4 + 3 + 16 + 16 + 4
    assert int.from_bytes(raw[-4:], "little") == zlib.crc32(raw[:-4], KEY.key_crc)
    assert hive.read_frame(raw, cipher=KEY).value is True
    assert hive.write_frame(Frame("a", True), cipher=KEY) != raw


def test_replaying_keeps_the_last_of_every_key_in_the_order_of_clients() -> None:
    box = hive.read_box(hive.new_box([*ENTRIES, ("\U0001f600", 1), ("\uff5e", 2), ("", 3), (7, 2)]))

    assert box.values == {3: True, 7: 2, "": 3, "b": None, "\U0001f600": 1, "\uff5e": 2}
    assert list(box.live) == [3, 7, "", "b", "\U0001f600", "\uff5e"]
    assert (len(box.frames), box.dead_count, box.next_key, box.damage) == (9, 3, 8, None)


def test_an_empty_file_is_an_empty_box() -> None:
    box = hive.read_box(b"")

    assert (box.frames, box.damage, box.next_key, box.live) == ((), None, 0, {})
    assert hive.compacted(box) == b""


def test_a_deleted_number_is_given_out_again_only_when_nothing_higher_was_put() -> None:
    assert hive.read_box(hive.new_box([(5, 1), (9, TOMBSTONE)])).next_key == 6


@pytest.mark.parametrize("key", ["x" * 255, "é" * 127, "\U0001f600" * 63, 0, 2**32 - 1])
def test_the_longest_keys_fit(key: hive.Key) -> None:
    assert hive.read_frame(hive.write_frame(Frame(key, 1))).key == key


@pytest.mark.parametrize("key", ["x" * 256, "é" * 128, "\U0001f600" * 64, "\ud800", -1, 2**32, True])
def test_a_key_that_would_wrap_is_refused(key: hive.Key) -> None:
    with pytest.raises(hive.Unwritable):
        hive.write_frame(Frame(key, 1))


@pytest.mark.parametrize("cipher", [None, KEY], ids=["plain", "sealed"])
def test_a_box_cut_anywhere_but_between_frames_says_where_it_ends(cipher: hive.Cipher | None) -> None:
    data = hive.new_box(ENTRIES, cipher=cipher)
    whole = hive.read_box(data, cipher=cipher)
    ends = {0, *(frame.offset + frame.length for frame in whole.frames)}

    for end in range(len(data)):
        box = hive.read_box(data[:end], cipher=cipher)
        last = max(e for e in ends if e <= end)
        if end in ends:
            assert box.damage is None
        else:
            assert box.damage is not None
            flaw = Flaw.HEADER if end - last < 4 else Flaw.CUT
            assert (box.damage.offset, box.damage.flaw, box.damage.lost) == (last, flaw, end - last)


@pytest.mark.parametrize("cipher", [None, KEY], ids=["plain", "sealed"])
def test_every_flipped_bit_is_noticed(cipher: hive.Cipher | None) -> None:
    data = hive.new_box(ENTRIES, cipher=cipher)

    unnoticed = [
        (place, bit)
        for place in range(len(data))
        for bit in range(8)
        if hive.read_box(_flipped(data, place, bit), cipher=cipher).damage is None
    ]

    assert unnoticed == []


def _flipped(data: bytes, place: int, bit: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def test_a_length_below_any_frame_and_a_key_of_no_kind_are_damage() -> None:
    good = hive.write_frame(Frame(1, 1))

    short = hive.read_box(good + bytes([7, 0, 0, 0, 0, 0, 0, 0]))
    strange = hive.read_box(good + checked(bytes.fromhex("02ff00")))
    keyless = hive.read_box(good + checked(b""))

    assert [box.damage.flaw for box in (short, strange, keyless) if box.damage] == [
        Flaw.LENGTH,
        Flaw.KEY,
        Flaw.KEY,
    ]
    assert len(short.frames) == 1


def test_a_wrong_key_shows_on_the_first_frame_and_says_so() -> None:
    data = hive.new_box(ENTRIES, cipher=KEY)

    for cipher in (OTHER_KEY, None):
        damage = hive.read_box(data, cipher=cipher).damage
        assert damage is not None
        assert (damage.offset, damage.flaw, damage.lost) == (0, Flaw.CHECKSUM, len(data))
        assert "is the box encrypted" in damage.hint
    later = hive.read_box(hive.new_box(ENTRIES) + b"\x0d" + bytes(12)).damage
    assert later is not None
    assert later.hint == ""


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes long, not 16"):
        hive.Cipher(bytes(16))


def test_sealed_values_under_a_checksum_from_zero_are_read_and_written_again() -> None:
    frame = hive.write_frame(Frame("a", 1), cipher=KEY, vector=bytes(16), seed=0)

    box = hive.read_box(frame, cipher=KEY)

    assert (box.values, box.damage) == ({"a": 1}, None)
    assert box.rewrites_to_itself(box.frames[0])


@pytest.mark.parametrize("value", [True, "x" * 40])
def test_a_plain_frame_read_with_a_key_is_kept_as_unreadable(value: Any) -> None:
    box = hive.read_box(hive.write_frame(Frame("a", value)), cipher=KEY)

    assert box.damage is None
    assert "sealed value" in box.frames[0].unread


def test_what_does_not_open_with_the_key_is_said() -> None:
    with pytest.raises(hive.CipherError, match="does not open"):
        KEY.open(OTHER_KEY.seal(b"hello", bytes(16)))


def test_an_unreadable_value_keeps_its_key_and_is_never_written() -> None:
    raw = checked(bytes.fromhex("010161" + "16"))

    box = hive.read_box(raw)

    assert box.live["a"].unread == "hive_ce has no type 22 (at byte 1 of the value)"
    assert not box.rewrites_to_itself(box.frames[0])
    with pytest.raises(hive.Unwritable, match="not written again"):
        hive.write_frame(box.frames[0])
    assert hive.compacted(box) == raw


def test_a_bool_of_two_is_true_but_not_how_clients_write_it() -> None:
    box = hive.read_box(checked(bytes.fromhex("010161" + "0302")))

    assert box.values == {"a": True}
    assert not box.rewrites_to_itself(box.frames[0])


def test_appending_and_compacting_keep_what_is_there() -> None:
    box = hive.read_box(hive.new_box(ENTRIES, cipher=KEY), cipher=KEY)

    longer = hive.read_box(hive.appended(box, [("b", TOMBSTONE), ("c", 1)]), cipher=KEY)
    shorter = hive.read_box(hive.compacted(longer), cipher=KEY)

    assert longer.values == shorter.values == {3: True, 7: 1, "c": 1}
    assert [frame.key for frame in shorter.frames] == [7, 3, "c"]
    assert longer.data.startswith(box.data)


def test_nothing_is_written_to_a_damaged_box() -> None:
    box = hive.read_box(hive.new_box(ENTRIES)[:-1])

    with pytest.raises(hive.DamagedBox, match=r"the file ends inside a frame. 14 bytes are behind it"):
        hive.appended(box, [("c", 1)])
    with pytest.raises(hive.DamagedBox):
        hive.compacted(box)


def test_whole_frames_behind_a_damage_are_found_again() -> None:
    frames = [hive.write_frame(Frame(key, value)) for key, value in ENTRIES]
    torn = frames[0] + _flipped(frames[1], 6, 0) + frames[2] + frames[3][:5] + frames[4]

    box = hive.read_box(torn)
    found = hive.salvaged(box)

    assert (len(box.frames), box.damage and box.damage.lost) == (1, len(torn) - len(frames[0]))
    assert [frame.key for frame in found.frames] == ["a", "b", 3]
    assert found.lost == len(frames[1]) + 5
    assert found.gaps == (
        (len(frames[0]), len(frames[0]) + len(frames[1])),
        (len(torn) - len(frames[4]) - 5, len(torn) - len(frames[4])),
    )
    assert hive.read_box(found.contents).values == {"a": "first", "b": None, 3: True}
    assert not found.gave_up


def test_a_whole_box_has_nothing_to_be_saved_from() -> None:
    box = hive.read_box(hive.new_box(ENTRIES))

    found = hive.salvaged(box)

    assert (found.frames, found.gaps, found.lost) == (box.frames, (), 0)
    assert found.contents == box.data


def test_a_lost_tail_is_one_gap() -> None:
    data = hive.new_box(ENTRIES)

    assert hive.salvaged(hive.read_box(data + b"\xff" * 30)).gaps == ((len(data), len(data) + 30),)


def test_the_search_gives_up_before_it_becomes_an_attack() -> None:
    hostile = bytes.fromhex("0002000000") * 2000

    found = hive.salvaged(hive.read_box(b"\xff" * 4 + hostile))

    assert (found.gave_up, found.frames) == (True, ())


@given(
    st.lists(st.tuples(st.integers(0, 9) | st.sampled_from("abc"), VALUES | st.just(TOMBSTONE)), max_size=6)
)
def test_any_box_replays_to_what_was_put(entries: list[tuple[hive.Key, Any]]) -> None:
    expected: dict[hive.Key, Any] = {}
    for key, value in entries:
        expected.pop(key, None)
        if value is not TOMBSTONE:
            expected[key] = value

    box = hive.read_box(hive.new_box(entries), book=BOOK)

    assert box.values == expected
    assert all(box.rewrites_to_itself(frame) for frame in box.frames)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_without_a_crash(data: bytes, sealed: bool) -> None:
    box = hive.read_box(data, book=BOOK, cipher=KEY if sealed else None)

    covered = sum(frame.length for frame in box.frames)
    assert covered + (box.damage.lost if box.damage else 0) == len(data)
    assert hive.salvaged(box).lost <= len(data)


@given(st.randoms(use_true_random=False))
def test_a_shuffled_ruin_is_salvaged_without_inventing_anything(dice: random.Random) -> None:
    parts = [hive.write_frame(Frame(number, "x" * number)) for number in range(6)]
    ruin = b"".join(part if dice.random() < 0.6 else part[: dice.randrange(len(part))] for part in parts)

    found = hive.salvaged(hive.read_box(ruin))

    assert all(frame.value == "x" * int(frame.key) for frame in found.frames)
    assert found.lost + sum(frame.length for frame in found.frames) == len(ruin)


def test_the_package_stands_on_its_own() -> None:
    folder = Path(hive.__file__).parent
    imported = {
        name.split(".")[0]
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if not name.startswith("guildry.ops.schemas.hive")
    }
    assert imported == {
        "collections", "cryptography", "dataclasses", "datetime", "enum", "hashlib", "os", "re", "struct",
        "typing", "zlib",
    }  # fmt: skip


def test_every_whole_frame_behind_a_damage_is_kept_in_a_row() -> None:
    frames = [hive.write_frame(Frame(key, value)) for key, value in ENTRIES]

    found = hive.salvaged(hive.read_box(_flipped(frames[0], 10, 0) + b"".join(frames[1:])))

    assert [frame.key for frame in found.frames] == [key for key, _ in ENTRIES[1:]]
    assert repr(found.frames[2].value) == "TOMBSTONE"


def test_a_frame_of_more_than_four_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildry.ops.schemas.hive.frames.LONGEST", 20)

    with pytest.raises(hive.Unwritable, match="shorter than 4 GB"):
        hive.write_frame(Frame("a", "x" * 20))
