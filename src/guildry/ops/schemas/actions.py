"""What is done with contracts: a member's boxes are written to files."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors, permissions
from guildry.kernel.offline import OfflineEntity
from guildry.kernel.permissions import Actor
from guildry.ops.schemas import events, hive, queries, rules
from guildry.ops.schemas.queries import Form
from guildry.people.accounts.queries import member_by_id


class MemberNotFound(errors.NotFound):
    detail = "There is no such member."


class FilesInTheWay(errors.Conflict):
    problem = errors.problem("files-in-the-way", 409, "Something is there already")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"Nothing was written, because these files exist: {', '.join(names)}.")


@dataclass(frozen=True)
class Manner:
    """How boxes are written: as objects or in envelopes, for whom, sealed when there is a key."""

    form: Form = Form.TYPED
    dialect: hive.Dialect = hive.Dialect.HIVE2
    key: bytes = b""


@dataclass(frozen=True)
class _Made:
    entry: dict[str, Any]
    data: bytes


def export_boxes(
    actor: Actor,
    *,
    member_id: int,
    folder: Path,
    reason: str,
    boxes: Sequence[str] = (),
    manner: Manner | None = None,
) -> list[dict[str, Any]]:
    """Write what a member's device may keep into new files of a folder, with a signed manifest beside them.

    Returns the entries of the manifest. Raises Invalid without a reason, MemberNotFound, UnknownBox or FilesInTheWay,
    having written nothing.
    """
    permissions.require(actor, "contracts.export")
    member = member_by_id(member_id)
    if member is None:
        raise MemberNotFound
    chosen = [queries.entity_of(box) for box in boxes] if boxes else queries.entities()
    manner = manner or Manner()
    now = clock.now()
    made = [_made(entity, member, manner, now) for entity in chosen]
    manifest = {
        "member": str(member.pk), "made_at": now, "form": manner.form, "dialect": manner.dialect,
        "sealed": bool(manner.key), "boxes": [part.entry for part in made],
    }  # fmt: skip
    files = {part.entry["file"]: part.data for part in made}
    files[queries.MANIFEST_FILE] = queries.signed(manifest)
    taken = sorted(name for name in files if (folder / name).exists())
    if taken:
        raise FilesInTheWay(taken)
    act = bus.Act(reason, after=[part.entry for part in made], subject=f"member:{member.pk}")
    with transaction.atomic():
        bus.publish(events.BoxesExported(member.pk), actor=actor, act=act)
    _write(folder, files)
    return [part.entry for part in made]


def _made(entity: OfflineEntity, member: Any, manner: Manner, now: datetime) -> _Made:
    rows = list(entity.rows(member))
    cipher = hive.Cipher(manner.key) if manner.key else None
    values = [
        (str(row[entity.key]), queries.packed(entity, row, stored_at=now, form=manner.form)) for row in rows
    ]
    data = hive.new_box(values, cipher=cipher, dialect=manner.dialect)
    entry = {
        "box": entity.box,
        "file": f"{entity.box}.hive",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": {row[entity.key]: rules.digest(row) for row in rows},
    }
    return _Made(entry, data)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write new files that nobody else can read; one that has come in between is never overwritten."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, data in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(data)
