"""Files are packed as one stream, come out as they went in, and are proven by one root."""

import io
import tarfile
from pathlib import Path

import pytest

from guildry.ops.backups import archive
from guildry.ops.backups.archive import Entry


def lay_out(folder: Path) -> list[Path]:
    contents = {"b/two": b"x" * 1500, "a": b"", "b/éà": b"\0\xff" * 300, "z" * 120: b"long"}
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(folder / name for name in contents)


def stream(folder: Path, paths: list[Path], into: list[Entry]) -> io.BytesIO:
    return io.BytesIO(b"".join(archive.packed(folder, paths, into)))


def test_files_come_out_as_they_went_in(tmp_path: Path) -> None:
    paths, packed = lay_out(tmp_path / "one"), []

    found = archive.unpack(stream(tmp_path / "one", paths, packed), tmp_path / "two")

    assert found == packed
    assert [entry.path for entry in found] == [
        path.relative_to(tmp_path / "one").as_posix() for path in paths
    ]
    for path in paths:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert other.read_bytes() == path.read_bytes()
        assert other.stat().st_mode & 0o777 == 0o600


def test_every_tar_reads_what_was_packed(tmp_path: Path) -> None:
    paths = lay_out(tmp_path)

    with tarfile.open(fileobj=stream(tmp_path, paths, [])) as opened:
        assert [member.size for member in opened] == [path.stat().st_size for path in paths]


def test_a_file_that_is_gone_meanwhile_is_left_out(tmp_path: Path) -> None:
    paths, packed = lay_out(tmp_path), []
    paths[1].unlink()

    archive.unpack(stream(tmp_path, paths, packed), tmp_path / "two")

    assert len(packed) == 3


def test_files_are_divided_by_their_size_and_links_are_not_followed(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / name).write_bytes(b"x" * 60)
    (tmp_path / "link").symlink_to(tmp_path / "a")

    parted = list(archive.portions(tmp_path, most=100))

    assert [[path.name for path in part] for part in parted] == [["a", "b"], ["c", "d"]]
    assert list(archive.portions(tmp_path / "nowhere", most=100)) == []


def test_nothing_is_unpacked_outside_the_folder(tmp_path: Path) -> None:
    evil = io.BytesIO()
    with tarfile.open(fileobj=evil, mode="w") as made:
        header = tarfile.TarInfo("../outside")
        header.size = 1
        made.addfile(header, io.BytesIO(b"x"))
    evil.seek(0)

    with pytest.raises(tarfile.TarError):
        archive.unpack(evil, tmp_path / "in")

    assert not (tmp_path / "outside").exists()


def test_only_files_are_unpacked(tmp_path: Path) -> None:
    odd = io.BytesIO()
    with tarfile.open(fileobj=odd, mode="w") as made:
        header = tarfile.TarInfo("door")
        header.type, header.linkname = tarfile.SYMTYPE, "elsewhere"
        made.addfile(header)
    odd.seek(0)

    with pytest.raises(tarfile.TarError):
        archive.unpack(odd, tmp_path / "in")


def test_the_root_depends_on_every_name_and_content_and_not_on_their_order() -> None:
    entries = [Entry(name, 1, f"{number:064x}") for number, name in enumerate("abcde")]
    root = archive.merkle_root(entries)

    assert archive.merkle_root(reversed(entries)) == root
    assert archive.merkle_root([]) == ""
    others = [
        archive.merkle_root(entries[1:]),
        archive.merkle_root([Entry("x", 1, entries[0].sha256), *entries[1:]]),
        archive.merkle_root([Entry("a", 1, "f" * 64), *entries[1:]]),
        archive.merkle_root(entries[:1]),
    ]
    assert len({root, *others}) == 5
