"""What goes into a copy of a member's data, and whether one is what it says."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from guildry.kernel import signing
from guildry.ops.governance.models import Request
from guildry.ops.governance.queries.holdings import (
    Holding,
    Subject,
    classes_of,
    exported_fields,
    holdings,
    is_personal,
    rows_of,
)
from guildry.ops.governance.rules import Kind, State, copies
from guildry.people.accounts.models import Member
from guildry.platform.files.models import StoredFile
from guildry.platform.files.queries import path_of

CHUNK = 500


@dataclass(frozen=True)
class Entity:
    """One table as a copy tells it: `key` names its files."""

    key: str
    title: str
    purpose: str
    holding: Holding


@dataclass(frozen=True)
class Medium:
    """A file a member brought in: where it lies, and what it is called in the copy."""

    path: str
    name: str
    title: str
    is_image: bool


def entities() -> list[Entity]:
    """Return what a copy consists of: every table with something about the member."""
    found = []
    for holding in holdings():
        if holding.to and is_personal(holding.model):
            options = holding.model._meta
            purpose = " ".join((holding.model.__doc__ or "").split("\n\n")[0].split())
            key = f"{options.app_label}-{options.model_name}"
            title = copies.TITLES.get(key) or copies.title_of(str(options.verbose_name_plural))
            found.append(Entity(key, title, purpose, holding))
    return sorted(found, key=lambda each: (each.key != "accounts-member", each.key))


def told(entity: Entity, subject: Subject) -> Iterator[dict[str, Any]]:
    """Yield the rows of an entity as the copy tells them; members are told by their handles."""
    model = entity.holding.model
    classes, fields = classes_of(model), exported_fields(model)
    members = [field for field in fields if field.is_relation and field.related_model is Member]
    rows = rows_of(entity.holding, subject).order_by("pk")
    for batch in _batches(rows):
        ids = {getattr(row, field.attname) for row in batch for field in members}
        handles = dict(Member.objects.filter(pk__in=ids - {None}).values_list("pk", "handle"))
        for row in batch:
            yield {
                field.name: (
                    handles.get(getattr(row, field.attname))
                    if field in members
                    else copies.shown(getattr(row, field.attname), classes[field.name])
                )
                for field in fields
            }


def _batches(rows: Any) -> Iterator[list[Any]]:
    last = None
    while batch := list((rows.filter(pk__gt=last) if last is not None else rows)[:CHUNK]):
        yield batch
        last = batch[-1].pk


def media_of(subject: Subject) -> Iterator[Medium]:
    """Yield the files a member brought in that passed inspection."""
    for stored in StoredFile.objects.clean().filter(owner_id=subject.member_id).order_by("pk"):
        path = path_of(stored.key)
        if default_storage.exists(path):
            ending = stored.media_type.rpartition("/")[2].split("+")[0] or "bin"
            name = f"media/{stored.key}.{ending}"
            yield Medium(path, name, stored.alt or stored.name, stored.media_type.startswith("image/"))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of every file with data in a copy."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A copy of a member's data",
        "$defs": {
            each.key: {
                "type": "array",
                "description": each.purpose,
                "items": {
                    "type": "object",
                    "properties": {
                        field.name: copies.column_schema(field, classes_of(each.holding.model)[field.name])
                        for field in exported_fields(each.holding.model)
                    },
                },
            }
            for each in entities()
        },
    }


def folder() -> Path:
    """Return where copies lie until they are collected: beside the uploads, so that no backup takes them along."""
    return Path(settings.DATA_DIR) / "copies"


def path_of_copy(request: Request) -> Path:
    return folder() / f"{request.reference}.zip"


def copies_of(member_id: int, *, most: int = 5) -> list[Request]:
    return list(Request.objects.copies().filter(member_id=member_id).order_by("-pk")[:most])


def copy_waiting(member_id: int) -> Request | None:
    """Return a copy that is being made for a member, or lies ready."""
    states = (State.RECEIVED, State.MAKING, State.FAILED, State.READY)
    found = Request.objects.filter(member_id=member_id, kind=Kind.COPY, state__in=states)
    return found.order_by("-pk").first()


def faults_of(path: Path, *, keys: set[str]) -> list[str]:
    """Return what is wrong with a copy: its signature, and every file that is not what the manifest says."""
    try:
        with zipfile.ZipFile(path) as archive:
            payload, signature = archive.read(copies.MANIFEST), archive.read(copies.SIGNATURE)
            if not signing.is_signed(copies.KIND, payload, signature, keys=keys):
                return ["The manifest is not signed by this site."]
            listed = {each["path"]: each["sha256"] for each in json.loads(payload)["files"]}
            inside = set(archive.namelist()) - {copies.MANIFEST, copies.SIGNATURE}
            found = [f"{name} is missing." for name in sorted(listed.keys() - inside)]
            found += [f"{name} was added." for name in sorted(inside - listed.keys())]
            for name in sorted(inside & listed.keys()):
                with archive.open(name) as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != listed[name]:  # type: ignore[arg-type]
                        found.append(f"{name} was changed.")
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        return [f"This is no copy that can be read: {error}"]
    return found
