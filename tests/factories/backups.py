"""Backups for tests: keys, small parts, and backups that are made for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from guildry.kernel import clock, crypto, runtime
from guildry.kernel.permissions import SYSTEM
from guildry.ops.backups import actions, archive, queries
from guildry.ops.backups.models import Backup

SECRET = "a secret that yields a key of its own"
KEYS = (archive.new_identity(), archive.new_identity())
REASON = "A rehearsal before the summer."


@contextmanager
def set_up(folder: Path, **further: Any) -> Iterator[None]:
    """Have backups set up: two recipients, and a folder."""
    public = tuple(str(key.to_public()) for key in KEYS)
    named = {f"backup.{name}": value for name, value in further.items()}
    with runtime.overridden({"backup.recipients": public, "backup.folder": str(folder), **named}):
        yield


def make_backup(*, at: datetime | None = None, **fields: Any) -> Backup:
    """Make a backup for real, as if at some moment."""
    with clock.at(at or clock.now()):
        ordered = actions.order_backup(SYSTEM, reason=REASON, **fields)
        return actions.make_backup(SYSTEM, backup=ordered)


def put_on_record(name: str, *, state: str, at: datetime | None = None) -> Backup:
    """Put a backup on record that lies in the folder."""
    moment = at or clock.now()
    manifest = queries.manifest_at(queries.path_of(name))
    return Backup.objects.create(
        name=name, state=state, reason=REASON, engine=manifest.engine, signer=queries.own_signer(),
        byte_count=manifest.byte_count, row_count=manifest.row_count, object_count=manifest.media.objects,
        ordered_at=moment, finished_at=moment, verified_at=moment,
    )  # fmt: skip


def claim(path: Path, **changes: Any) -> None:
    """Let a backup claim something else about itself, with a signature that is genuine."""
    manifest = archive.decoded((path / archive.MANIFEST).read_bytes())
    payload = archive.encoded(msgspec.structs.replace(manifest, **changes))
    (path / archive.MANIFEST).write_bytes(payload)
    (path / archive.SIGNATURE).write_bytes(archive.signed(payload, crypto.site_keys()[0]))


def seal_again(path: Path, number: int, content: bytes) -> None:
    """Let a part of a backup hold something else, as whoever has the signing key could."""
    parts = list(archive.decoded((path / archive.MANIFEST).read_bytes()).parts)
    (path / parts[number].name).unlink()
    recipients = [key.to_public() for key in KEYS]
    parts[number] = archive.seal(
        [content], path / parts[number].name, kind=parts[number].kind, recipients=recipients
    )
    claim(path, parts=tuple(parts))
