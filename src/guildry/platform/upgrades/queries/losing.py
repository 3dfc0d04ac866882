"""What would be lost if changes of the schema were undone: undoing brings tables back as they were, not what was in them."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AddField, CreateModel, DeleteModel, RemoveField
from django.db.models import NOT_PROVIDED, Value

from guildry.platform.upgrades.executor import operations
from guildry.platform.upgrades.executor.operations import Move
from guildry.platform.upgrades.queries.plans import states_before


def losses(executor: MigrationExecutor, plan: list[Any]) -> list[str]:
    """Return a sentence for each thing with data in it that undoing these migrations takes away or brings back empty."""
    tables = {name: _columns(name) for name in connection.introspection.table_names()}
    found = [
        loss
        for migration, state in states_before(executor, plan)
        for move in operations.backwards(migration, state)
        if (loss := _loss(move, tables))
    ]
    return list(dict.fromkeys(found))


def _columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def _loss(move: Move, tables: dict[str, set[str]]) -> str:
    operation = move.operation
    if isinstance(operation, CreateModel):
        table = _table(move.before, move.app, operation.name)
        return f"what is in the table {table}" if table in tables and _has_rows(table) else ""
    if isinstance(operation, AddField):
        table = _table(move.before, move.app, operation.model_name)
        column = _column(operation)
        if column in tables.get(table, ()) and _has_rows(table, column, _usual(operation.field)):
            return f"what is in {table}.{column}"
        return ""
    if isinstance(operation, DeleteModel):
        return f"the table {_table(move.after, move.app, operation.name)} comes back empty"
    if isinstance(operation, RemoveField):
        table = _table(move.after, move.app, operation.model_name)
        return f"{table}.{operation.name} comes back empty" if _has_rows(table) else ""
    return ""


def _table(state: Any, app: str, name: str) -> str:
    return str(state.models[app, name.lower()].options.get("db_table") or f"{app}_{name.lower()}")


def _column(operation: AddField) -> str:
    field = operation.field.clone()
    field.set_attributes_from_name(operation.name)
    return str(field.column or "")


def _usual(field: Any) -> Any:
    """Return the value every row had at first, None where that is no plain value."""
    value = field.db_default if field.db_default is not NOT_PROVIDED else field.default
    value = value.value if isinstance(value, Value) else value
    return None if value is NOT_PROVIDED or callable(value) or hasattr(value, "as_sql") else value


def _has_rows(table: str, column: str = "", usual: Any = None) -> bool:
    return any(True for _ in _rows(table, column, usual))


def _rows(table: str, column: str, usual: Any) -> Iterator[Any]:
    quote = connection.ops.quote_name
    words, values = f"SELECT 1 FROM {quote(table)}", []  # noqa: S608  a name of ours, quoted
    if column:
        words += f" WHERE {quote(column)} IS NOT NULL"
        if usual is not None:
            words, values = f"{words} AND {quote(column)} <> %s", [usual]
    with connection.cursor() as cursor:
        cursor.execute(f"{words} LIMIT 1", values or None)
        yield from cursor.fetchall()
