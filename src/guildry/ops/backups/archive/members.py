"""Many files as one stream in the form of tar, cut into portions, and proven by the root of a Merkle tree."""

import hashlib
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

BLOCK = tarfile.BLOCKSIZE
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """A file that was packed or unpacked: its path below the folder with slashes, its size, and its SHA-256."""

    path: str
    bytes: int
    sha256: str


def portions(folder: Path, *, most: int) -> Iterator[list[Path]]:
    """Divide the files of a folder, in the order of their paths, into lists of about `most` bytes each."""
    taken: list[Path] = []
    size = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        if taken and size > most:
            yield taken
            taken, size = [], 0
        taken.append(path)
        size += path.stat().st_size
    if taken:
        yield taken


def packed(folder: Path, paths: Iterable[Path], into: list[Entry]) -> Iterator[bytes]:
    """Yield a tar stream of files of a folder and note each in `into`; a file that is gone meanwhile is left out."""
    for path in paths:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            yield from _one(path.relative_to(folder).as_posix(), file, into)
    yield bytes(2 * BLOCK)


def _one(name: str, file: IO[bytes], into: list[Entry]) -> Iterator[bytes]:
    """Yield one file as it was when its size was read: a longer one is cut, a shorter one filled up with zeros."""
    size = file.seek(0, 2)
    file.seek(0)
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    yield header.tobuf(tarfile.PAX_FORMAT)
    digest, left = hashlib.sha256(), size
    while left:
        chunk = file.read(min(CHUNK, left)) or bytes(min(CHUNK, left))
        digest.update(chunk)
        left -= len(chunk)
        yield chunk
    yield bytes(-size % BLOCK)
    into.append(Entry(name, size, digest.hexdigest()))


def unpack(stream: IO[bytes], folder: Path) -> list[Entry]:
    """Write the files of a tar stream below a folder and return them; raises tarfile.TarError for anything else."""
    found = []
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for header in archive:
            safe = tarfile.data_filter(header, str(folder))
            content = archive.extractfile(safe) if safe.isreg() else None
            if content is None:
                raise tarfile.TarError(f"{header.name!r} is no file.")
            found.append(_written(folder / safe.name, safe.name, content))
    return found


def _written(path: Path, name: str, content: IO[bytes]) -> Entry:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    path.chmod(0o600)
    return Entry(name, size, digest.hexdigest())


def merkle_root(entries: Iterable[Entry]) -> str:
    """Return the root over all files in the order of their paths; leaves and nodes are told apart by their first byte."""
    level = [
        hashlib.sha256(b"\0%s\0%s" % (entry.path.encode(), bytes.fromhex(entry.sha256))).digest()
        for entry in sorted(entries, key=lambda entry: entry.path)
    ]
    while len(level) > 1:
        pairs = [level[index : index + 2] for index in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs
        ]
    return level[0].hex() if level else ""
