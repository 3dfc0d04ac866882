"""Rules of the lint about tables: what breaks the release before, what copies a table, what engines take differently."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations, models
from django.db.models import DO_NOTHING, NOT_PROVIDED

from guildry.kernel.stepwise import GROWING, Phase
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.queries.linting.subjects import (
    Column,
    Subject,
    column_of,
    field_in,
    has_db_default,
)

LONGEST_NAME, MOST_COLUMNS = 30, 3
STEADY = (dict, list, set, tuple, str, int, float, bool, bytes)
COLLATIONS = frozenset({"utf8mb4_bin"})


def not_null_without_default(subject: Subject) -> Iterator[str]:
    for column in subject.columns():
        field = column.field
        was_null = column.former is None or column.former.null
        if column.is_on_rows and was_null and not (field.null or field.many_to_many or has_db_default(field)):
            yield f"{column} is NOT NULL without db_default: what the release before writes is refused."


def renamed_in_one_step(subject: Subject) -> Iterator[str]:
    for move in subject.is_about(migrations.RenameField):
        renamed = move.operation
        if not subject.had(renamed.model_name):
            continue
        before = column_of(
            renamed.old_name, field_in(move.before, move.app, renamed.model_name, renamed.old_name)
        )
        after = column_of(
            renamed.new_name, field_in(move.after, move.app, renamed.model_name, renamed.new_name)
        )
        if before != after:
            yield f"{renamed.model_name}.{before} is renamed to {after} in one step: add, fill, then drop."
    for move in subject.is_about(migrations.RenameModel):
        if subject.had(move.operation.old_name) and _table(
            move.before, move.app, move.operation.old_name
        ) != _table(move.after, move.app, move.operation.new_name):
            yield f"The table of {move.operation.old_name} is renamed in one step."
    for move in subject.is_about(migrations.AlterModelTable):
        if subject.had(move.operation.name):
            yield f"The table of {move.operation.name} is renamed in one step."


def _table(state: Any, app: str, model: str) -> str:
    return str(state.models[app, model.lower()].options.get("db_table") or f"{app}_{model.lower()}")


def dropped_without_warning(subject: Subject) -> Iterator[str]:
    if subject.said.phase == Phase.CONTRACT and subject.said.deprecated_in:
        return
    for move in subject.is_about(migrations.RemoveField):
        if subject.had(move.operation.model_name):
            yield f"{move.operation.model_name}.{move.operation.name} is dropped, but {_WARN}"
    for move in subject.is_about(migrations.DeleteModel):
        if subject.had(move.operation.name):
            yield f"The table of {move.operation.name} is dropped, but {_WARN}"


_WARN = "the migration does not say that it contracts and which release deprecated it."


def copies_a_growing_table(subject: Subject) -> Iterator[str]:
    for move in subject.is_about(migrations.AddConstraint):
        operation = move.operation
        if isinstance(operation.constraint, models.CheckConstraint) and _grows(subject, operation.model_name):
            yield f"A check on {operation.model_name} copies its table, which grows, and blocks writes."
    for column in subject.columns():
        if column.former is not None and _grows(subject, column.model) and _copies(column):
            yield f"{column} gets another type, which copies its table, which grows, and blocks writes."


def _grows(subject: Subject, model: str) -> bool:
    return subject.had(model) and f"{subject.app}.{model.lower()}" in GROWING


def _copies(column: Column) -> bool:
    """Tell whether MariaDB copies the table for this change of a type, as it was measured to."""
    old, new = column.former, column.field
    if old.get_internal_type() != new.get_internal_type():
        return True
    return not rules.is_instant_length(old.max_length, new.max_length)


def unsteady_default(subject: Subject) -> Iterator[str]:
    for column in subject.columns():
        field = column.field
        if has_db_default(field) and _is_worked_out(field.db_default):
            yield f"{column} has a default that the database works out, which differs from row to row."
        default = getattr(field, "default", NOT_PROVIDED)
        if (
            column.is_on_rows
            and column.former is None
            and default is not NOT_PROVIDED
            and callable(default)
            and default not in STEADY
        ):
            yield f"{column} has a default that is called once for all rows that are there."


def _is_worked_out(default: Any) -> bool:
    if not hasattr(default, "resolve_expression"):
        return False
    return any(not isinstance(part, models.Value) for part in default.flatten())


def unwieldy_index(subject: Subject) -> Iterator[str]:
    for move in subject.moves:
        for name, fields in _indexes(move.operation):
            if len(name) > LONGEST_NAME:
                yield f"The index {name} has a name of more than {LONGEST_NAME} characters."
            if len(fields) > MOST_COLUMNS:
                yield f"The index {name} has more than {MOST_COLUMNS} columns."


def _indexes(operation: Any) -> Iterator[tuple[str, list[str]]]:
    found: list[Any] = []
    if isinstance(operation, migrations.CreateModel):
        found = [*operation.options.get("indexes", ()), *operation.options.get("constraints", ())]
    elif isinstance(operation, migrations.AddIndex):
        found = [operation.index]
    elif isinstance(operation, migrations.AddConstraint):
        found = [operation.constraint]
    for each in found:
        if isinstance(each, models.CheckConstraint):
            continue
        yield each.name, list(getattr(each, "fields", ()))


def undecided_deletion(subject: Subject) -> Iterator[str]:
    for column in subject.columns():
        relation = getattr(column.field, "remote_field", None)
        if getattr(relation, "on_delete", None) is DO_NOTHING and column.field.db_constraint:
            yield f"{column} does not say what becomes of it when what it refers to is deleted."


def other_collation(subject: Subject) -> Iterator[str]:
    for column in subject.columns():
        collation = getattr(column.field, "db_collation", None)
        if collation and collation not in COLLATIONS:
            yield f"{column} has a collation of its own, {collation}."
    for statement in subject.statements():
        if found := rules.collation_in(statement):
            yield f"A statement names {found}; the database decides that for all tables."


def value_removed(subject: Subject) -> Iterator[str]:
    if subject.said.phase == Phase.CONTRACT and subject.said.deprecated_in:
        return
    for column in subject.columns():
        if column.former is None or not column.field.choices:
            continue
        gone = _values(column.former) - _values(column.field)
        if gone:
            yield f"{column} loses {', '.join(sorted(map(str, gone)))}, which rows and clients may still hold."


def _values(field: Any) -> set[Any]:
    return {value for value, _ in field.flatchoices}
