"""What a database writes between two backups: sealed records in files that only grow, each signed and linked to the one before.

A file that ends in the middle of a record was cut by a kill: what it holds up to there stays good.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec
import pyrage
import zstandard

from guildry.ops.backups.archive.sealing import LEVEL, Broken, Identity, NoKey
from guildry.ops.backups.archive.signing import signed, signer_of

FORMAT = "gbl/1"
ENDING = ".gbl"
MOST_BYTES = 64 * 1024 * 1024
_HEAD = struct.Struct(">4sIIQ")
_MAGIC = b"GBL1"


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of a log: units `first` to `last` of a stream, such as frames of a WAL or bytes of a binary log.

    `chain` names a log without a gap, `before` is the hash of its record before, and `at` the moment up to which
    everything is in it, in UTC. A record without units says that nothing was written. `mark` is how the last unit is told
    from another one of the same number.
    """

    format: str
    engine: str
    chain: str
    number: int
    before: str
    stream: str
    first: int
    last: int
    unit: int
    mark: str
    at: str
    bytes: int
    sha256: str

    @property
    def is_empty(self) -> bool:
        return self.last < self.first


class Damaged(ValueError):
    """A file of the log holds something that nobody known signed, or that is not what was signed."""


@dataclass(frozen=True)
class Stored:
    """A record where it lies; `hash` is what the next one of its chain names."""

    record: Record
    hash: str
    file: Path
    offset: int

    def opened(self, identities: Iterable[Identity]) -> bytes:
        """Return what the record holds; raises NoKey, Broken or Damaged."""
        with self.file.open("rb") as file:
            file.seek(self.offset)
            sealed = file.read(self.record.bytes)
        if hashlib.sha256(sealed).hexdigest() != self.record.sha256:
            raise Damaged(f"{self.file.name}: record {self.record.number} changed.")
        try:
            packed = pyrage.decrypt(sealed, list(identities))
            return zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        except pyrage.DecryptError as error:
            if "No matching keys" in str(error):
                raise NoKey(self.file.name) from None
            raise Broken(str(error), 0) from None
        except zstandard.ZstdError as error:
            raise Broken(str(error), 0) from None


def files_of_log(folder: Path) -> list[Path]:
    """Return the files of a log in the order in which they were begun."""
    return sorted(folder.glob(f"*{ENDING}"))


def stored(file: Path, signers: set[str]) -> Iterator[Stored]:
    """Yield the records of a file up to where it was cut, if it was; raises Damaged. Nothing is opened."""
    with file.open("rb") as content:
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        while len(head := content.read(_HEAD.size)) == _HEAD.size:
            magic, of_payload, of_signature, of_sealed = _HEAD.unpack(head)
            if magic != _MAGIC:
                raise Damaged(f"{file.name}: there is no record at {content.tell() - _HEAD.size}.")
            if content.tell() + of_payload + of_signature + of_sealed > size:
                return
            yield _checked(file, content, (of_payload, of_signature, of_sealed), signers)


def _checked(file: Path, content: IO[bytes], sizes: tuple[int, int, int], signers: set[str]) -> Stored:
    payload, signature = content.read(sizes[0]), content.read(sizes[1])
    signer = signer_of(payload, signature, signers)
    if not (signer.is_genuine and signer.key):
        raise Damaged(f"{file.name}: nobody known signed the record before byte {content.tell()}.")
    try:
        record = msgspec.json.decode(payload, type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damaged(f"{file.name}: {error}.") from None
    if record.format != FORMAT or record.bytes != sizes[2]:
        raise Damaged(f"{file.name}: record {record.number} is not what was signed.")
    place = Stored(record, hashlib.sha256(payload).hexdigest(), file, content.tell())
    content.seek(sizes[2], os.SEEK_CUR)
    return place


def chains(folder: Path, signers: set[str]) -> list[list[Stored]]:
    """Return the logs without a gap that lie in a folder, the oldest first; raises Damaged when a record is missing."""
    found: dict[str, list[Stored]] = {}
    for file in files_of_log(folder):
        for each in stored(file, signers):
            chain = found.setdefault(each.record.chain, [])
            if chain and (each.record.number, each.record.before) != (
                chain[-1].record.number + 1,
                chain[-1].hash,
            ):
                raise Damaged(f"{file.name}: the record before {each.record.number} is not there.")
            chain.append(each)
    return list(found.values())


def last_record(folder: Path, signers: set[str]) -> Stored | None:
    """Return the record that was written last; raises Damaged."""
    for file in reversed(files_of_log(folder)):
        if found := list(stored(file, signers)):
            return found[-1]
    return None


@dataclass
class Writer:
    """Appends records to a log, each safe on disk when `add` returns; `last` is the one that was written last."""

    folder: Path
    recipients: list[Any]
    secret: str
    engine: str
    last: Stored | None = None
    _file: Path | None = None

    def begin(self, chain: str) -> None:
        """Begin a new chain, which has nothing to do with what was written before."""
        self.last, self._chain = None, chain

    def go_on(self, last: Stored) -> None:
        """Go on behind a record that was written earlier, in a file of its own."""
        self.last, self._chain = last, last.record.chain

    def add(
        self, content: bytes, *, stream: str, first: int, last: int, unit: int, mark: str, at: str
    ) -> Stored:
        sealed = b""
        if content:
            packed = zstandard.ZstdCompressor(level=LEVEL).compress(content)
            sealed = pyrage.encrypt(packed, self.recipients)
        number = self.last.record.number + 1 if self.last else 1
        record = Record(
            FORMAT, self.engine, self._chain, number, self.last.hash if self.last else "", stream, first, last, unit,
            mark, at, len(sealed), hashlib.sha256(sealed).hexdigest(),
        )  # fmt: skip
        payload = msgspec.json.encode(record)
        signature = signed(payload, self.secret)
        head = _HEAD.pack(_MAGIC, len(payload), len(signature), len(sealed))
        file = self._place(number, at)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            log.write(head + payload + signature + sealed)
            log.flush()
            offset = log.tell() - len(sealed)
            os.fsync(log.fileno())
        self.last = Stored(record, hashlib.sha256(payload).hexdigest(), file, offset)
        return self.last

    def _place(self, number: int, at: str) -> Path:
        """Return the file the next record goes to: the one in use while it is small and of the same hour."""
        begun = f"{at[:13].replace('-', '')}"
        if (
            self._file is None
            or self._file.stat().st_size > MOST_BYTES
            or not self._file.name.startswith(begun)
        ):
            self._file = self.folder / f"{begun}-{self._chain[:8]}-{number:08}{ENDING}"
            self._file.touch(mode=0o600)
            _persist(self.folder)
        return self._file


def _persist(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
