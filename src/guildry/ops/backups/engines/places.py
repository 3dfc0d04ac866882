"""A backup brought up in a folder of its own that looks like a data folder, and a look at the pages it gives."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from guildry.ops.backups import archive
from guildry.ops.backups.archive import Entry, Identity, Manifest, Part
from guildry.ops.backups.engines.common import Engine, EngineFailed, Place

SMOKE_SECONDS = 600


@dataclass
class BroughtUp:
    """What was brought up: the database, and the files that were unpacked below `folder`."""

    place: Place
    folder: Path
    media: list[Entry]
    secrets: list[Entry]


def fill(path: Path, manifest: Manifest, identities: list[Identity], engine: Engine, place: Place) -> None:
    """Open the copy of the database into an empty place; raises EngineFailed, archive.Broken or archive.NoKey.

    The copy is compared with its hash once more, because the file may have changed since it was proven.
    """
    part = next(part for part in manifest.parts if part.kind == "database")
    with engine.filling(place) as sink:
        _open_again(path, part, identities, sink)


def unpack(
    path: Path, manifest: Manifest, identities: list[Identity], folder: Path, kind: str
) -> list[Entry]:
    """Unpack the parts of one kind below a folder and return the files."""
    found: list[Entry] = []
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in (part for part in manifest.parts if part.kind == kind):
        found += _unpacked(path, part, identities, folder)
    return found


@contextmanager
def brought_up(
    path: Path, manifest: Manifest, identities: list[Identity], engine: Engine, work: Path
) -> Iterator[BroughtUp]:
    """Bring a proven backup up in a throwaway place."""
    with engine.standing(work) as place:
        fill(path, manifest, identities, engine, place)
        media = unpack(path, manifest, identities, work / "files", "media")
        secrets = unpack(path, manifest, identities, work, "secrets")
        yield BroughtUp(place, work, media, secrets)


def smoke(standing: BroughtUp) -> dict[str, Any]:
    """Let another process open what was brought up as the community it is, and say what it saw.

    Raises EngineFailed when it cannot.
    """
    command = [sys.executable, "-m", "guildry.config", "backup", "smoke", "--data", str(standing.folder)]
    if standing.place.path is None:
        address = standing.folder / "database-address"
        with open(os.open(address, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(standing.place.address)
        command += ["--database-file", str(address)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SMOKE_SECONDS)
    try:
        seen: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise EngineFailed(f"what was brought up cannot be opened: {done.stderr.strip()[-300:]}") from None
    return seen


def _open_again(path: Path, part: Part, identities: list[Identity], sink: Any) -> None:
    found = archive.opened(path / part.name, identities, sink)
    if found != (part.plain_bytes, part.plain_sha256):
        raise EngineFailed(f"{part.name} changed while it was read.")


def _unpacked(path: Path, part: Part, identities: list[Identity], folder: Path) -> list[Entry]:
    """Unpack one part while it is opened: what is opened goes through a pipe to whoever unpacks it."""
    reading, writing = os.pipe()
    failures: list[Exception] = []

    def open_into(pipe: IO[bytes]) -> None:
        try:
            with pipe:
                _open_again(path, part, identities, pipe)
        except Exception as error:
            failures.append(error)

    opener = threading.Thread(target=open_into, args=(os.fdopen(writing, "wb"),))
    with os.fdopen(reading, "rb") as stream:
        opener.start()
        found = archive.unpack(stream, folder)
        while stream.read(65536):
            continue
    opener.join()
    if failures:
        raise failures[0]
    return found
