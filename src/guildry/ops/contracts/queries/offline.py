"""What devices keep, for comparing: boxes with their schemas, numbers and ages, and the columns behind them."""

from typing import Any

from django.apps import apps
from django.db import models

from guildry.kernel import inventory, points
from guildry.kernel.offline import OfflineEntity, OfflineEnum, OfflineField, OfflineRecord
from guildry.ops.schemas import queries as schemas

ENVELOPE = ("storedAt", "expiresAt")


def offline() -> dict[str, Any]:
    """Return everything that clients and server agree on about boxes, and what the database promises for it."""
    lock = schemas.lock()
    shapes = dict(_shapes())
    return {
        "boxes": {entity.box: _box(entity) for entity in sorted(schemas.entities(), key=lambda e: e.box)},
        "next_type_id": lock.next_type_id,
        "types": {
            name: {
                "type_id": kind.type_id,
                "next_index": kind.next_index,
                "kind": "enum" if isinstance(shapes[name], OfflineEnum) else "class",
                "fields": _fields(shapes[name], dict(kind.fields)),
            }
            for name, kind in sorted(lock.types.items())
        },
    }


def _shapes() -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for entity in schemas.entities():
        found.append((entity.record.name, entity.record))
        found += [
            (part.shape.name, part.shape)
            for _, part in entity.record.walk()
            if isinstance(part.shape, OfflineEnum | OfflineRecord)
        ]
    return found


def _fields(shape: Any, numbers: dict[str, int]) -> dict[str, Any]:
    if isinstance(shape, OfflineEnum):
        return {name: {"index": index} for name, index in numbers.items()}
    kinds: dict[str, Any] = {schemas.camel(part.name): part for part in shape.fields}
    return {name: {"index": index, **_kind(kinds.get(name))} for name, index in numbers.items()}


def _kind(part: OfflineField | None) -> dict[str, Any]:
    if part is None:
        return {"type": "moment", "optional": False}
    is_named = isinstance(part.shape, OfflineEnum | OfflineRecord)
    name = part.shape.name if is_named else str(part.shape.value)  # type: ignore[union-attr]
    return {"type": f"list<{name}>" if part.many else name, "optional": part.optional}


def _box(entity: OfflineEntity) -> dict[str, Any]:
    return {
        "record": entity.record.name,
        "schema": schemas.schema_of(entity),
        "key": {"field": entity.key, "format": "text"},
        "version": entity.version,
        "volatile": sorted(part.name for part in entity.record.fields if part.volatile),
        "lasts_seconds": int(entity.lasts.total_seconds()),
        "envelope": list(ENVELOPE),
        "columns": {
            pointer: column
            for pointer, part in entity.record.walk()
            if len(part.sources) == 1 and (column := _column(part.sources[0]))
        },
        "sources": {source: _allowed(source) for source in entity.sources},
        "indexes": {table: _indexes(table) for table in sorted({_table(s) for s in entity.sources})},
    }


def _table(source: str) -> str:
    return source.rpartition(".")[0]


def _field_of(source: str) -> Any:
    label, _, name = source.rpartition(".")
    return next(field for field in apps.get_model(label)._meta.local_fields if field.name == name)


def _column(source: str) -> dict[str, Any]:
    """Return what a stored field promises to the field of a client that it is shown as."""
    field = _field_of(source)
    found: dict[str, Any] = {"source": source, "null": bool(field.null)}
    if isinstance(field, models.CharField) and field.max_length:
        found["max_length"] = field.max_length
    if isinstance(field, models.DecimalField):
        found["scale"] = field.decimal_places
    if isinstance(field, models.DateTimeField):
        found["fraction_digits"] = 6
    return found


def _allowed(source: str) -> bool:
    held = inventory.class_of(_field_of(source), points.FOREIGN_INVENTORY.get(_table(source)))
    return held is not None and held.offline


def _indexes(label: str) -> list[str]:
    """Return the columns that a table can be found by, so that filling a box never reads all of it."""
    meta = apps.get_model(label)._meta
    single = [
        field.name for field in meta.local_fields if field.primary_key or field.unique or field.db_index
    ]
    joined = [",".join(name.lstrip("-") for name in index.fields) for index in meta.indexes if index.fields]
    unique = [
        ",".join(rule.fields)
        for rule in meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields
    ]
    return sorted({*single, *joined, *unique})
