"""What is declared for devices: entities, their schemas from the stored fields, their numbers from the lock file."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from guildry.kernel import errors, inventory, points
from guildry.kernel.inventory import DataClass
from guildry.kernel.offline import OfflineEntity, OfflineEnum, OfflineField, OfflineRecord, Shape
from guildry.ops.schemas import hive, rules

LOCK_FILE = Path(__file__).parents[1] / "hive.lock.yaml"
# The lock file is in the shape of hive_ce, which has no room for what a field is.
TYPES_FILE = LOCK_FILE.with_name("hive.types.json")
ENUM = "enum"
# What every stored row begins with, so that a device knows what to throw away.
STORED_AT, EXPIRES_AT = "storedAt", "expiresAt"
JSON_KINDS: dict[Shape, dict[str, Any]] = {
    Shape.TEXT: {"type": "string"},
    Shape.NUMBER: {"type": "integer", "minimum": -(2**53) + 1, "maximum": 2**53 - 1},
    Shape.TRUTH: {"type": "boolean"},
    Shape.MOMENT: {"type": "string", "format": "date-time"},
}


class UnknownBox(errors.NotFound):
    problem = errors.problem("unknown-box", 404, "No such box")

    def __init__(self, box: str) -> None:
        known = ", ".join(sorted(entity.box for entity in points.OFFLINE_ENTITIES))
        super().__init__(f"No box is called {box!r}. There are: {known}.")


def entities() -> list[OfflineEntity]:
    """Return everything that may be kept on a device."""
    return list(points.OFFLINE_ENTITIES)


def entity_of(box: str) -> OfflineEntity:
    """Return the entity of a box; raises UnknownBox."""
    found = points.OFFLINE_ENTITIES.get(box)
    if found is None:
        raise UnknownBox(box)
    return found


def declared_types() -> dict[str, list[str]]:
    """Return every class and enum of a client with its fields or values, in the order of declaration."""
    declared: dict[str, list[str]] = {}
    for entity in points.OFFLINE_ENTITIES:
        _declare(entity.record, declared, [STORED_AT, EXPIRES_AT])
    return declared


def _declare(shape: Any, declared: dict[str, list[str]], stored: list[str]) -> None:
    if isinstance(shape, OfflineEnum):
        declared.setdefault(shape.name, [rules.camel(member) for member in shape.members])
    elif isinstance(shape, OfflineRecord):
        declared.setdefault(shape.name, [*stored, *(rules.camel(part.name) for part in shape.fields)])
        for part in shape.fields:
            _declare(part.shape, declared, [])


def field_types() -> dict[str, dict[str, str]]:
    """Return what every field of every class is: a kind of value or a name of ours, with [] for many and ? for maybe none."""
    found: dict[str, dict[str, str]] = {}
    for entity in points.OFFLINE_ENTITIES:
        moments = {STORED_AT: str(Shape.MOMENT), EXPIRES_AT: str(Shape.MOMENT)}
        _describe(entity.record, found, moments)
    return found


def _describe(shape: Any, found: dict[str, dict[str, str]], stored: dict[str, str]) -> None:
    if isinstance(shape, OfflineEnum):
        found.setdefault(shape.name, dict.fromkeys(map(rules.camel, shape.members), ENUM))
    elif isinstance(shape, OfflineRecord):
        fields = {rules.camel(part.name): _type_of(part) for part in shape.fields}
        found.setdefault(shape.name, {**stored, **fields})
        for part in shape.fields:
            _describe(part.shape, found, {})


def _type_of(part: OfflineField) -> str:
    name = str(part.shape) if isinstance(part.shape, Shape) else part.shape.name
    return name + "[]" * part.many + "?" * part.optional


def locked_types() -> dict[str, dict[str, str]]:
    """Return what every field was when numbers were given last."""
    held: dict[str, dict[str, str]] = json.loads(TYPES_FILE.read_text())
    return held


@cache
def lock() -> hive.Lock:
    """Return the lock file that this release ships; raises LockError."""
    return hive.parse_lock(LOCK_FILE.read_text())


def book() -> hive.Book:
    """Return the user types of our boxes, as the lock numbers them."""
    enums = {shape.name for shape in _shapes() if isinstance(shape, OfflineEnum)}
    return hive.Book(
        *(
            hive.UserType(
                kind.type_id,
                name,
                hive.Kind.ENUM if name in enums else hive.Kind.CLASS,
                {index: field for field, index in kind.fields.items()},
            )
            for name, kind in lock().types.items()
        )
    )


def _shapes() -> Iterator[Any]:
    for entity in points.OFFLINE_ENTITIES:
        yield entity.record
        yield from (part.shape for _, part in entity.record.walk())


def schema_of(entity: OfflineEntity) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a row's payload."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": entity.record.name,
        "description": entity.label,
        **_record_schema(entity.record),
    }


def _record_schema(record: OfflineRecord) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {part.name: _field_schema(part) for part in record.fields},
        "required": [part.name for part in record.fields],
        "additionalProperties": False,
    }


def _field_schema(part: OfflineField) -> dict[str, Any]:
    schema: dict[str, Any]
    if isinstance(part.shape, OfflineRecord):
        schema = _record_schema(part.shape)
    elif isinstance(part.shape, OfflineEnum):
        schema = {"type": "string", "enum": list(part.shape.members)}
    else:
        schema = {**JSON_KINDS[part.shape], **_length(part)}
    if part.many:
        schema = {"type": "array", "items": schema}
    return {"anyOf": [schema, {"type": "null"}]} if part.optional else schema


def _length(part: OfflineField) -> dict[str, int]:
    """A text that is one stored text is no longer than its column."""
    if part.shape is not Shape.TEXT or len(part.sources) != 1:
        return {}
    column = stored_field(part.sources[0])
    longest = column.max_length if isinstance(column, models.CharField) else None
    return {"maxLength": longest} if longest else {}


def stored_field(source: str) -> Any:
    """Return the model field that a source names; raises LookupError."""
    label, _, name = source.rpartition(".")
    return next(field for field in apps.get_model(label)._meta.local_fields if field.name == name)


def class_of(source: str) -> DataClass | None:
    """Return the data class of a stored field."""
    label = source.rpartition(".")[0]
    return inventory.class_of(stored_field(source), points.FOREIGN_INVENTORY.get(label))


def forbidden_sources(entity: OfflineEntity) -> list[str]:
    """Return the stored fields that an entity tells of and no device may keep."""
    classes = {source: class_of(source) for source in entity.sources}
    return [source for source, held in classes.items() if held is None or not held.offline]


@cache
def private_names() -> frozenset[str]:
    """Return the names that only fields have which hold something personal or secret that stays on the server."""
    kept: set[str] = set()
    held_back: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            data_class = inventory.class_of(field, points.FOREIGN_INVENTORY.get(model._meta.label))
            stays = data_class is not None and not data_class.offline
            if stays and (data_class.personal or data_class.is_secret):  # type: ignore[union-attr]
                held_back.add(field.name)
            elif not stays:
                kept.add(field.name)
    named = {part.name for entity in points.OFFLINE_ENTITIES for _, part in entity.record.walk()}
    names = held_back - kept - named
    return frozenset(names | {rules.camel(name) for name in names})


def contract() -> dict[str, Any]:
    """Return everything that clients and server agree on about boxes: schemas, keys, ages and numbers."""
    return {
        "boxes": {
            entity.box: {
                "schema": _record_schema(entity.record),
                "key": entity.key,
                "version": entity.version,
                "volatile": [part.name for part in entity.record.fields if part.volatile],
                "lasts_seconds": int(entity.lasts.total_seconds()),
            }
            for entity in points.OFFLINE_ENTITIES
        },
        "types": {
            name: {"type_id": kind.type_id, "fields": dict(kind.fields)}
            for name, kind in lock().types.items()
        },
    }


@cache
def contract_hash() -> str:
    return rules.digest(contract())
