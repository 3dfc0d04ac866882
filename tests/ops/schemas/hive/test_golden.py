"""The golden frames of Hive 2 and hive_ce, plain and sealed, come out byte for byte as they went in."""

import pytest

from guildry.ops.schemas import hive
from tests.ops.schemas.conftest import GoldenSet, golden_sets

SETS = golden_sets()
EVERY_SET = pytest.mark.parametrize("golden", SETS, ids=lambda golden: golden.name)


def test_there_are_118_of_them() -> None:
    assert [(golden.name, len(golden.frames)) for golden in SETS] == [
        ("hive2_frames", 26),
        ("hive2_frames_encrypted", 26),
        ("hive_ce_frames", 33),
        ("hive_ce_frames_encrypted", 33),
    ]


@EVERY_SET
def test_each_is_written_again_from_what_was_read(golden: GoldenSet) -> None:
    for label, raw in golden.frames:
        frame = hive.read_frame(raw, cipher=golden.cipher, dialect=golden.dialect)
        again = hive.write_frame(
            hive.Frame(frame.key, frame.value),
            cipher=golden.cipher,
            dialect=golden.dialect,
            vector=golden.vector,
        )
        assert (str(frame.key), frame.unread, again) == (label, "", raw)


@EVERY_SET
def test_together_they_are_a_box_without_damage(golden: GoldenSet) -> None:
    data = b"".join(raw for _, raw in golden.frames)

    box = hive.read_box(data, cipher=golden.cipher, dialect=golden.dialect)

    assert (len(box.frames), box.damage) == (len(golden.frames), None)
    assert all(box.rewrites_to_itself(frame) for frame in box.frames)
    assert len(box.live) == len({label for label, _ in golden.frames}) - len(["555", "Tombstone frame"])


def test_the_checksum_of_a_key_is_the_libraries_own() -> None:
    assert [golden.cipher.key_crc == golden.key_crc for golden in SETS if golden.cipher] == [True, True]


def test_sealed_and_plain_sets_hold_the_same() -> None:
    plain, sealed = (
        [hive.read_frame(raw, cipher=golden.cipher).value for _, raw in golden.frames] for golden in SETS[:2]
    )
    assert plain == sealed


def test_large_int_and_masked_bytes_are_what_dart_made_of_them() -> None:
    values = {label: hive.read_frame(raw).value for golden in SETS[:1] for label, raw in golden.frames}
    assert values["Large int"] == 34
    assert values["Byte list with mask"] == bytes([144, 169, 1, 2, 3])
