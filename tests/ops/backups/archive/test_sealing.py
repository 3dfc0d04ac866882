"""What is sealed opens for each recipient and nobody else, and a byte that changed is never taken for a good one."""

import hashlib
import io
from pathlib import Path

import pytest

from guildry.ops.backups import archive
from tests.factories.backups import KEYS

TEXT = b"A backup is a rumour until somebody has read it back. " * 4


def seal(path: Path, content: bytes = TEXT) -> archive.Part:
    recipients = [key.to_public() for key in KEYS]
    return archive.seal(iter([content[:7], b"", content[7:]]), path, kind="database", recipients=recipients)


def test_a_sealed_stream_opens_for_each_recipient(tmp_path: Path) -> None:
    part = seal(tmp_path / "db.age")

    for key in KEYS:
        sink = io.BytesIO()
        assert archive.opened(tmp_path / "db.age", [key], sink) == (len(TEXT), part.plain_sha256)
        assert sink.getvalue() == TEXT


def test_a_part_says_what_lies_there_and_what_it_holds(tmp_path: Path) -> None:
    part = seal(tmp_path / "db.age")

    raw = (tmp_path / "db.age").read_bytes()
    assert (part.name, part.kind, part.bytes) == ("db.age", "database", len(raw))
    assert part.sha256 == hashlib.sha256(raw).hexdigest()
    assert (part.plain_bytes, part.plain_sha256) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())
    assert raw.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert raw.count(b"-> X25519 ") == 2


def test_an_empty_stream_can_be_sealed(tmp_path: Path) -> None:
    part = seal(tmp_path / "db.age", b"")

    assert archive.opened(tmp_path / "db.age", [KEYS[0]]) == (0, part.plain_sha256)


def test_only_its_owner_may_read_a_sealed_file(tmp_path: Path) -> None:
    seal(tmp_path / "db.age")

    assert (tmp_path / "db.age").stat().st_mode & 0o777 == 0o600


def test_a_sealed_file_is_never_written_over(tmp_path: Path) -> None:
    seal(tmp_path / "db.age")

    with pytest.raises(FileExistsError):
        seal(tmp_path / "db.age", b"something else")


def test_somebody_else_opens_nothing(tmp_path: Path) -> None:
    seal(tmp_path / "db.age")
    sink = io.BytesIO()

    with pytest.raises(archive.NoKey):
        archive.opened(tmp_path / "db.age", [archive.new_identity()], sink)

    assert sink.getvalue() == b""


def test_every_byte_that_changes_and_every_cut_is_noticed_when_opened(tmp_path: Path) -> None:
    seal(tmp_path / "db.age", TEXT[:60])
    raw = (tmp_path / "db.age").read_bytes()
    changed = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in range(len(raw))]
    cut = [raw[:at] for at in range(len(raw))]
    file = tmp_path / "damaged.age"

    for damaged in changed + cut:
        file.write_bytes(damaged)
        with pytest.raises((archive.Broken, archive.NoKey)):
            archive.opened(file, [KEYS[0]])


def test_a_place_that_is_full_is_not_taken_for_damage(tmp_path: Path) -> None:
    seal(tmp_path / "db.age")

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        archive.opened(tmp_path / "db.age", [KEYS[0]], Full())


def test_identities_are_read_with_comments_and_nothing_of_a_wrong_one_is_shown() -> None:
    found = archive.identities_in(f"# mine\n\n{KEYS[0]}\n{KEYS[1]}\n")

    assert [str(key.to_public()) for key in found] == [str(key.to_public()) for key in KEYS]
    for text in ("# nothing\n", "AGE-SECRET-KEY-1WRONG"):
        with pytest.raises(archive.KeyUnfit) as refusal:
            archive.identities_in(text)
        assert "WRONG" not in str(refusal.value)


def test_a_recipient_is_a_public_age_key() -> None:
    assert str(archive.recipient_of(f" {KEYS[0].to_public()} ")) == str(KEYS[0].to_public())
    with pytest.raises(archive.KeyUnfit, match="no age recipient"):
        archive.recipient_of("ssh-rsa something")


def test_a_file_that_is_no_sealed_one_is_broken(tmp_path: Path) -> None:
    (tmp_path / "db.age").write_bytes(b"SQLite format 3\0")

    with pytest.raises(archive.Broken):
        archive.opened(tmp_path / "db.age", [KEYS[0]])


def test_what_was_sealed_without_being_compressed_is_broken(tmp_path: Path) -> None:
    import pyrage

    (tmp_path / "db.age").write_bytes(pyrage.encrypt(TEXT, [KEYS[0].to_public()]))

    with pytest.raises(archive.Broken):
        archive.opened(tmp_path / "db.age", [KEYS[0]])


def test_what_ends_in_the_middle_of_its_compression_is_broken(tmp_path: Path) -> None:
    import pyrage
    import zstandard

    half = zstandard.ZstdCompressor().compress(TEXT)[:-4]
    (tmp_path / "db.age").write_bytes(pyrage.encrypt(half, [KEYS[0].to_public()]))

    with pytest.raises(archive.Broken, match="too early"):
        archive.opened(tmp_path / "db.age", [KEYS[0]])
