"""Sealing a stream into a file that only the recipients open, and opening it again: zstd, then age."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Protocol, cast

import pyrage
import zstandard

from guildry.ops.backups.archive.manifest import Part

CHUNK = 1024 * 1024
LEVEL = 3


class KeyUnfit(ValueError):
    """A text is no age recipient, or a file holds no age identity."""


class NoKey(Exception):
    """None of the identities at hand opens this file."""


class Broken(Exception):
    """A sealed file cannot be opened to its end; `offset` is how far it could, in bytes of what was sealed."""

    def __init__(self, reason: str, offset: int) -> None:
        self.offset = offset
        super().__init__(reason)


class Identity(Protocol):
    """The private half of an age key."""

    def to_public(self) -> Any: ...


class Sink(Protocol):
    """Where opened bytes go."""

    def write(self, data: bytes, /) -> Any: ...


def new_identity() -> Identity:
    return pyrage.x25519.Identity.generate()


def recipient_of(text: str) -> Any:
    """Read a public key; raises KeyUnfit."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise KeyUnfit(f"{text.strip()[:80]!r} is no age recipient ({error}).") from None


def identities_in(text: str) -> list[Identity]:
    """Read the private keys of an identity file; raises KeyUnfit, never showing what stands there."""
    lines = [line.strip() for line in text.splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in wanted]
    except pyrage.IdentityError:
        raise KeyUnfit("The file holds something other than age identities.") from None
    if not found:
        raise KeyUnfit("The file holds no age identity.")
    return found


class _Reader:
    """What is sealed, read in portions: counts and hashes it on its way."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._rest = b""
        self.count, self.digest = 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self.count += len(chunk)
            self.digest.update(chunk)
            self._rest = chunk
        taken, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return taken


class _Writer:
    """The sealed file: counts and hashes what is written."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.count, self.digest = 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self.count += len(data)
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()


def seal(chunks: Iterable[bytes], path: Path, *, kind: str, recipients: Iterable[Any]) -> Part:
    """Write a stream, compressed and sealed, into a new file, safe on disk, and return what is true of it."""
    reader = _Reader(chunks)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        writer = _Writer(file)
        source = cast("IO[bytes]", reader)
        with zstandard.ZstdCompressor(level=LEVEL).stream_reader(source, read_size=CHUNK) as compressed:
            pyrage.encrypt_io(compressed, writer, list(recipients))
        file.flush()
        os.fsync(file.fileno())
    hashes = writer.digest.hexdigest(), reader.digest.hexdigest()
    return Part(path.name, kind, writer.count, hashes[0], reader.count, hashes[1])


class _Opening:
    """Receives what age gives out, expands it, hashes it and hands it on."""

    def __init__(self, sink: Sink | None) -> None:
        self._sink, self._expand = sink, zstandard.ZstdDecompressor().decompressobj()
        self.received, self.count, self.digest = 0, 0, hashlib.sha256()
        self.own_failure: Exception | None = None

    def write(self, data: bytes) -> int:
        try:
            plain = self._expand.decompress(data)
            self.count += len(plain)
            self.digest.update(plain)
            if self._sink is not None:
                self._sink.write(plain)
        except Exception as error:
            self.own_failure = self.own_failure or error
            raise
        self.received += len(data)
        return len(data)

    def flush(self) -> None:
        """There is nothing to wait for."""

    @property
    def is_whole(self) -> bool:
        return self._expand.eof


def opened(path: Path, identities: Iterable[Identity], sink: Sink | None = None) -> tuple[int, str]:
    """Open a sealed file into a sink and return size and SHA-256 of what it holds.

    Bytes reach the sink before the end of the file is known to be right: prove a file before it is used.
    Raises NoKey, Broken, or whatever the sink raises.
    """
    opening = _Opening(sink)
    try:
        with path.open("rb", buffering=CHUNK) as file:
            pyrage.decrypt_io(file, opening, list(identities))
    except (pyrage.DecryptError, OSError, zstandard.ZstdError) as error:
        if opening.own_failure and not isinstance(opening.own_failure, zstandard.ZstdError):
            raise opening.own_failure from None
        if "No matching keys" in str(error):
            raise NoKey(path.name) from None
        raise Broken(str(error), opening.received) from None
    if not opening.is_whole:
        raise Broken("it ends too early", opening.received)
    return opening.count, opening.digest.hexdigest()
