"""The operations of a migration in the order in which they touch the database, with the states around each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.migrations.operations import RunPython, SeparateDatabaseAndState

from guildry.kernel.stepwise import Backfill
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.rules import Direction, Kind


@dataclass(frozen=True)
class Move:
    """One operation between two states; `before` is where the tables are, `after` where they will be."""

    position: int
    operation: Any
    app: str
    before: Any
    after: Any
    direction: Direction

    @property
    def label(self) -> str:
        described = str(self.operation.describe())
        return described if self.direction == Direction.FORWARD else f"Undo: {described}"

    @property
    def kind(self) -> Kind:
        if isinstance(self.operation, Backfill):
            return Kind.BACKFILL
        runs_code = isinstance(self.operation, RunPython) or not self.operation.reduces_to_sql
        return Kind.DATA if runs_code else Kind.SCHEMA

    def run(self, editor: Any) -> None:
        """Have Django do it, or collect what it would do where the editor collects."""
        move = (
            self.operation.database_forwards
            if self.direction == Direction.FORWARD
            else self.operation.database_backwards
        )
        move(self.app, editor, self.before, self.after)

    def statements(self, connection: Any) -> list[tuple[Kind, str]]:
        """Return the statements of an operation on tables, worked out against the tables as they are now."""
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            self.run(editor)
        found = [sql.removesuffix(";") for sql in editor.collected_sql if rules.first_word(sql)]
        entries = [(Kind.ROWS if rules.is_about_rows(sql) else Kind.SCHEMA, sql) for sql in found]
        return entries or [(Kind.NOTHING, "")]


def forwards(migration: Any, state: Any) -> Iterator[Move]:
    """Yield the moves of a migration while `state` becomes what it is after each of them."""
    position = 0
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        for leaf, start, end in _leaves(operation, migration.app_label, before, state):
            yield Move(position, leaf, migration.app_label, start, end, Direction.FORWARD)
            position += 1


def backwards(migration: Any, state: Any) -> list[Move]:
    """Return the moves that undo a migration; `state` is the one before it."""
    moves = [
        Move(move.position, move.operation, move.app, move.after.clone(), move.before, Direction.BACKWARD)
        for move in forwards_kept(migration, state)
    ]
    return [
        Move(number, move.operation, move.app, move.before, move.after, move.direction)
        for number, move in enumerate(reversed(moves))
    ]


def forwards_kept(migration: Any, state: Any) -> list[Move]:
    """Return all moves at once, each with states of its own."""
    kept, position, current = [], 0, state
    for operation in migration.operations:
        following = current.clone()
        operation.state_forwards(migration.app_label, following)
        for leaf, start, end in _leaves(operation, migration.app_label, current, following):
            kept.append(Move(position, leaf, migration.app_label, start, end, Direction.FORWARD))
            position += 1
        current = following
    return kept


def _leaves(operation: Any, app: str, before: Any, after: Any) -> Iterator[tuple[Any, Any, Any]]:
    if not isinstance(operation, SeparateDatabaseAndState):
        yield operation, before, after
        return
    current = before
    for inner in operation.database_operations:
        following = current.clone()
        inner.state_forwards(app, following)
        yield from _leaves(inner, app, current, following)
        current = following
