"""A manifest is read as strictly as it is written."""

import msgspec
import pytest

from guildry.ops.backups import archive
from guildry.ops.backups.archive import Manifest, Media, Part, Position, Table

MANIFEST = Manifest(
    "gbk/1", "20260721T080000Z-abcdef", "0.1.0", "sqlite 3.40.1", "ab" * 32, ("accounts.0001_initial",), Position(),
    "2026-07-21T08:00:00+00:00", "2026-07-21T08:00:09+00:00", ("age1one", "age1two"), "asked",
    (Part("db.age", "database", 10, "aa", 20, "bb"), Part("files.age", "media", 5, "cc", 9, "dd")),
    (Table("accounts_member", 3, "ee"), Table("timeline_post", 4, "ff")), Media(1, 9, "00"), (), {},
)  # fmt: skip


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert archive.decoded(archive.encoded(MANIFEST)) == MANIFEST
    assert (MANIFEST.row_count, MANIFEST.byte_count, MANIFEST.is_sqlite) == (7, 15, True)


def test_the_same_manifest_always_makes_the_same_bytes() -> None:
    assert archive.encoded(MANIFEST) == archive.encoded(archive.decoded(archive.encoded(MANIFEST)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"\xff",
        archive.encoded(MANIFEST)[:-20],
        archive.encoded(MANIFEST).replace(b'"app"', b'"App"'),
    ],
)
def test_what_is_no_manifest_is_not_read(raw: bytes) -> None:
    with pytest.raises(archive.Unreadable, match="cannot be read"):
        archive.decoded(raw)


def test_another_format_is_refused_by_its_name() -> None:
    with pytest.raises(archive.Unreadable, match="gbk/9"):
        archive.decoded(archive.encoded(msgspec.structs.replace(MANIFEST, format="gbk/9")))
