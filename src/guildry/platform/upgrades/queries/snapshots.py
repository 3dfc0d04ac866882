"""The schema in one small document: from the models, from the database, and as it was committed."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from guildry.platform.upgrades.executor import shapes
from guildry.platform.upgrades.executor.shadows import words_of_sqlite
from guildry.platform.upgrades.executor.shapes import Shape

COMMITTED = Path(__file__).resolve().parent.parent / "schema.json"


def of_models(registry: Any = apps) -> Shape:
    """Return the tables that models want; every index that a reference brings along is left out on all sides."""
    words = words_of_sqlite()
    shape: Shape = {}
    for model in registry.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
            shape[model._meta.db_table] = _of_model(model, words)
    return shape


def _of_model(model: Any, words: Any) -> dict[str, Any]:
    table = shapes.empty()
    indexes = set()
    for field in model._meta.local_concrete_fields:
        table["columns"][field.column] = shapes.column(
            field.db_type(words),
            is_null=field.null,
            is_key=field.primary_key,
            default=_default(field),
            is_generated=field.generated,
        )
        if field.remote_field and field.db_constraint:
            target = field.target_field
            table["references"][field.column] = f"{target.model._meta.db_table}.{target.column}"
        if field.unique and not field.primary_key:
            indexes.add(shapes.index([field.column], is_unique=True))
        elif field.db_index and field.column not in table["references"]:
            indexes.add(shapes.index([field.column], is_unique=False))
    for names, is_unique in _declared_indexes(model):
        columns = [model._meta.get_field(name).column for name in names]
        if is_unique or columns[1:] or columns[0] not in table["references"]:
            indexes.add(shapes.index(columns, is_unique=is_unique))
    shapes.without_signs(table)
    table["indexes"] = sorted(indexes)
    table["checks"] = sorted(
        each.name for each in model._meta.constraints if isinstance(each, models.CheckConstraint)
    )
    return table


def _declared_indexes(model: Any) -> list[tuple[list[str], bool]]:
    """Return the indexes every engine has: one with a condition is left out by those that cannot keep it."""
    found = [(list(names), True) for names in model._meta.unique_together]
    for index in model._meta.indexes:
        if index.fields and index.condition is None:
            found.append(([name for name, _ in index.fields_orders], False))
    for each in model._meta.constraints:
        if isinstance(each, models.UniqueConstraint) and each.fields and each.condition is None:
            found.append((list(each.fields), True))
    return found


def _default(field: Any) -> str | None:
    value = getattr(field, "db_default", NOT_PROVIDED)
    if value is NOT_PROVIDED:
        return None
    value = value.value if isinstance(value, models.Value) else value
    if isinstance(value, bool):
        return str(int(value))
    return str(value) if isinstance(value, int | float) else f"'{value}'"


def digest(shape: Shape) -> str:
    """Return the SHA-256 of a schema, the same wherever it was read."""
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()


def document() -> str:
    """Return the text of the committed snapshot as it should be now."""
    shape = of_models()
    leaves = dict(sorted(MigrationLoader(None).graph.leaf_nodes()))
    found = {"format": 1, "sha256": digest(shape), "migrations": leaves, "tables": shape}
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def commit(text: str) -> None:
    """Write a snapshot beside the code and let further readers of this process see it."""
    COMMITTED.write_text(text)
    committed.cache_clear()


@cache
def committed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED.read_text()) if COMMITTED.exists() else {"migrations": {}}
    return found


def knows(app: str, name: str) -> bool:
    """Tell whether the committed snapshot was made with a migration; migrations are numbered in their names."""
    return bool(name <= committed()["migrations"].get(app, ""))
