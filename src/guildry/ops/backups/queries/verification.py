"""Proving a backup without a database: signature, parts, their hashes, and all of it opened to the end."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from guildry.kernel import clock
from guildry.ops.backups import archive
from guildry.ops.backups.archive import Manifest, Part
from guildry.ops.backups.engines import engine_called
from guildry.ops.backups.rules import Finding, Kind, Report

CHUNK = 1024 * 1024
TOLERANCE = timedelta(minutes=5)
ENDS = 200


def examined(
    path: Path, *, signers: set[str], identities: Iterable[archive.Identity] = (), name: str = ""
) -> Report:
    """Prove a backup from outside in; with `identities` every part is opened to its end as well.

    Nothing a manifest says is looked at before its signature is found genuine, and no part is opened unless all of
    them are the files that were signed.
    """
    name = name or path.name.removesuffix(archive.SUFFIX)
    try:
        payload = (path / archive.MANIFEST).read_bytes()
        signature = (path / archive.SIGNATURE).read_bytes()
    except OSError as error:
        return Report(name, (Finding(Kind.NOT_A_BACKUP, str(path.name), f"{error.strerror}"),))
    signer = archive.signer_of(payload, signature, signers)
    if not signer.is_genuine:
        return Report(
            name, (Finding(Kind.BAD_SIGNATURE, archive.SIGNATURE, "it is not one of this manifest"),)
        )
    if not signer.key:
        return Report(name, (Finding(Kind.UNKNOWN_SIGNER, archive.SIGNATURE, "nobody known made it"),))
    try:
        manifest = archive.decoded(payload)
    except archive.Unreadable as error:
        return Report(name, (Finding(Kind.NOT_A_BACKUP, archive.MANIFEST, str(error)),))
    findings = [*_claims(manifest, name), *_parts(path, manifest)]
    figures = {"parts": len(manifest.parts), "bytes": manifest.byte_count, "rows": manifest.row_count}
    keys = list(identities)
    if findings or not keys:
        return Report(name, tuple(findings), figures=figures)
    return Report(name, tuple(_opened(path, manifest, keys)), is_opened=True, figures=figures)


def _claims(manifest: Manifest, name: str) -> Iterator[Finding]:
    """Look at what the manifest says of itself."""
    if manifest.name != name:
        yield Finding(Kind.PART_SWAPPED, archive.MANIFEST, f"it is the manifest of {manifest.name}")
    started, finished = datetime.fromisoformat(manifest.started), datetime.fromisoformat(manifest.finished)
    if finished < started or finished > clock.now() + TOLERANCE:
        said = f"it says it was made from {manifest.started} to {manifest.finished}"
        yield Finding(Kind.CLOCK_SKEW, archive.MANIFEST, said)
    if unknown := [step for step in manifest.migrations if step not in _known_migrations()]:
        yield Finding(
            Kind.SCHEMA_NEWER, archive.MANIFEST, f"this program does not know {', '.join(unknown[:5])}"
        )


@cache
def _known_migrations() -> frozenset[str]:
    return frozenset(f"{app}.{step}" for app, step in MigrationLoader(None).disk_migrations)


def _parts(path: Path, manifest: Manifest) -> Iterator[Finding]:
    """Compare the files that lie there with those that were signed."""
    there = {each.name: each for each in path.iterdir()}
    expected = {part.name for part in manifest.parts} | {archive.MANIFEST, archive.SIGNATURE}
    for extra in sorted(there.keys() - expected):
        yield Finding(Kind.PART_EXTRA, extra, "nobody signed it")
    by_hash = {part.sha256: part.name for part in manifest.parts}
    for part in manifest.parts:
        if part.name not in there:
            yield Finding(Kind.PART_MISSING, part.name, "it is not there")
        elif problem := _difference(there[part.name], part, by_hash):
            yield problem


def _difference(file: Path, part: Part, by_hash: dict[str, str]) -> Finding | None:
    size = file.stat().st_size
    found = _hash_of(file)
    if found == part.sha256:
        return None
    if found in by_hash:
        return Finding(Kind.PART_SWAPPED, part.name, f"it is {by_hash[found]}")
    if size != part.bytes:
        return Finding(Kind.BYTES_MISMATCH, part.name, f"{size} bytes instead of {part.bytes}")
    return Finding(Kind.CIPHER_HASH, part.name, "its content changed")


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _Ends:
    """Remembers how a stream begins and ends."""

    def __init__(self) -> None:
        self.head, self.tail = b"", b""

    def write(self, data: bytes) -> int:
        if len(self.head) < ENDS:
            self.head += data[: ENDS - len(self.head)]
        self.tail = (self.tail + data[-ENDS:])[-ENDS:]
        return len(data)


def _opened(path: Path, manifest: Manifest, identities: list[archive.Identity]) -> Iterator[Finding]:
    for part in manifest.parts:
        ends = _Ends()
        try:
            size, digest = archive.opened(path / part.name, identities, ends)
        except archive.NoKey:
            yield Finding(Kind.NO_RECIPIENT_KEY, part.name, "none of the keys at hand opens it")
        except archive.Broken as error:
            yield Finding(Kind.DECRYPT_FAILED, part.name, f"{error}, after {error.offset} bytes")
        else:
            if (size, digest) != (part.plain_bytes, part.plain_sha256):
                yield Finding(Kind.PLAIN_HASH, part.name, "what it holds is not what was sealed")
            elif part.kind == "database" and not engine_called(manifest.engine).is_dump(ends.head, ends.tail):
                yield Finding(Kind.NOT_A_DUMP, part.name, f"it holds no copy of {manifest.engine.split()[0]}")
