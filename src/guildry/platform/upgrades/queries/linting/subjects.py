"""A migration as the rules of the lint see it: its operations between two states, and the fields it touches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import migrations
from django.db.models import NOT_PROVIDED

from guildry.kernel.stepwise import Declared, EachEngine, declared
from guildry.platform.upgrades.executor import operations
from guildry.platform.upgrades.executor.operations import Move


@dataclass(frozen=True)
class Column:
    """A field a migration makes or changes; `former` is what it was, `is_on_rows` whether its table was there before."""

    model: str
    name: str
    field: Any
    former: Any
    is_on_rows: bool

    def __str__(self) -> str:
        return f"{self.model}.{self.name}"


@dataclass(frozen=True)
class Subject:
    """One migration with the states around each operation."""

    migration: Any
    said: Declared
    moves: list[Move]
    former: frozenset[tuple[str, str]]

    @property
    def app(self) -> str:
        return str(self.migration.app_label)

    def had(self, model: str) -> bool:
        """Tell whether a model was there before the migration, so that there may be rows in its table."""
        return (self.app, model.lower()) in self.former

    def is_about(self, *kinds: type) -> Iterator[Move]:
        return (move for move in self.moves if isinstance(move.operation, kinds))

    def columns(self) -> Iterator[Column]:
        """Yield every field that is made or changed."""
        for move in self.moves:
            operation = move.operation
            if isinstance(operation, migrations.CreateModel):
                for name, field in operation.fields:
                    yield Column(operation.name, name, field, None, is_on_rows=False)
            elif isinstance(operation, migrations.AddField | migrations.AlterField):
                name = operation.model_name
                is_new = isinstance(operation, migrations.AddField)
                former = None if is_new else field_in(move.before, move.app, name, operation.name)
                yield Column(name, operation.name, operation.field, former, is_on_rows=self.had(name))

    def statements(self) -> Iterator[str]:
        """Yield the statements somebody wrote by hand, for every engine."""
        for move in self.moves:
            operation = move.operation
            if isinstance(operation, migrations.RunSQL):
                yield from _sql_of(operation.sql)
            elif isinstance(operation, EachEngine):
                for statements in operation.forwards.values():
                    yield from statements


def subject_of(migration: Any, state: Any) -> Subject:
    """Look at a migration; `state` is the one before it."""
    moves = operations.forwards_kept(migration, state)
    return Subject(migration, declared(migration), moves, frozenset(state.models))


def field_in(state: Any, app: str, model: str, name: str) -> Any:
    return state.models[app, model.lower()].fields[name]


def column_of(name: str, field: Any) -> str:
    return str(field.db_column or (f"{name}_id" if field.many_to_one or field.one_to_one else name))


def has_db_default(field: Any) -> bool:
    return getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED


def _sql_of(sql: Any) -> Iterator[str]:
    if isinstance(sql, str):
        yield from ([sql] if sql else [])
        return
    for statement in sql:
        yield statement if isinstance(statement, str) else statement[0]
