"""What a migration can say that Django has no words for: its phase, what proves it, and work done in chunks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.db import router
from django.db.migrations.operations.base import Operation
from django.db.models import Model, Q, QuerySet

GROWING: set[str] = set()
M = TypeVar("M", bound=type[Model])


def growing(model: M) -> M:
    """Mark a model whose table grows with every day, so that a change that copies it is refused by the lint."""
    GROWING.add(model._meta.label_lower)
    return model


class Phase(StrEnum):
    """When a migration may run: before the new code, beside it, or once nobody runs the old code any more.

    A migration names its phase in an attribute `phase`; without one it expands. One that contracts also says
    `after_hours`, how long the migrations it depends on must have been in use.
    """

    EXPAND = "expand"
    MIGRATE = "migrate"
    CONTRACT = "contract"


AFTER_HOURS = 24


@dataclass(frozen=True)
class Declared:
    """What a migration says of itself.

    `verify` are functions of (apps, connection) that raise, `irreversible` says why it cannot be undone, `deprecated_in`
    names the release that warned of what it takes away, `contract` says what it means for those who read the API, and
    `waived` gives the reason for each rule of the lint that it breaks on purpose.
    """

    phase: Phase
    after_hours: float
    verify: tuple[Callable[[Any, Any], None], ...]
    irreversible: str
    deprecated_in: str
    contract: str = ""
    waived: Mapping[str, str] = field(default_factory=dict)


def declared(migration: Any) -> Declared:
    """Read the attributes of a migration that are named as those of Declared."""
    return Declared(
        Phase(getattr(migration, "phase", Phase.EXPAND)),
        float(getattr(migration, "after_hours", AFTER_HOURS)),
        tuple(getattr(migration, "verify", ())),
        str(getattr(migration, "irreversible", "")),
        str(getattr(migration, "deprecated_in", "")),
        str(getattr(migration, "contract", "")),
        dict(getattr(migration, "waived", {})),
    )


Hook = Callable[[Any, Any], None]


def counts_agree(one: str, other: str) -> Hook:
    """Return a hook for `verify` that wants two models, each "app.Model", to have as many rows as each other."""

    def hook(apps: Any, connection: Any) -> None:
        first, second = (
            apps.get_model(name)._default_manager.using(connection.alias) for name in (one, other)
        )
        counts = first.count(), second.count()
        if counts[0] != counts[1]:
            raise AssertionError(f"{one} has {counts[0]:,} rows and {other} has {counts[1]:,}")

    return hook


def no_orphans(model: str, field: str) -> Hook:
    """Return a hook for `verify` that wants every reference in a field to lead to a row that is there."""

    def hook(apps: Any, connection: Any) -> None:
        target = apps.get_model(model)._meta.get_field(field).target_field
        there = target.model._default_manager.using(connection.alias).values(target.name)
        rows = apps.get_model(model)._default_manager.using(connection.alias)
        lost = rows.exclude(**{field: None}).exclude(**{f"{field}__in": there}).count()
        if lost:
            raise AssertionError(f"{lost:,} rows of {model} refer in {field} to nothing")

    return hook


def holds(model: str, condition: Q) -> Hook:
    """Return a hook for `verify` that wants a condition to hold for every row of a model."""

    def hook(apps: Any, connection: Any) -> None:
        against = apps.get_model(model)._default_manager.using(connection.alias).exclude(condition).count()
        if against:
            raise AssertionError(f"{against:,} rows of {model} are otherwise than {condition}")

    return hook


@dataclass(frozen=True)
class Progress:
    """How far a backfill got: `cursor` is the last key that was worked on, None at the end."""

    cursor: str | None
    rows: int


class Backfill(Operation):
    """Change the rows of a model chunk by chunk in the order of their keys, each chunk in one transaction.

    `work(rows)` gets the rows of one chunk as a queryset of the historical model and must only touch those. The
    executor stores the cursor in the transaction of the chunk, so that each row is worked on exactly once. Going back
    calls `undo` once for every chunk, or nothing.
    """

    reduces_to_sql = False
    reversible = True
    atomic = True

    def __init__(
        self,
        model: str,
        work: Callable[[QuerySet[Any]], object],
        *,
        chunk: int = 1000,
        undo: Callable[[QuerySet[Any]], object] | None = None,
    ) -> None:
        self.model, self.work, self.chunk, self.undo = model, work, chunk, undo

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the tables as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._everything(app_label, schema_editor, from_state, self.work)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.undo:
            self._everything(app_label, schema_editor, from_state, self.undo)

    def describe(self) -> str:
        return f"Backfill {self.model}, {self.chunk:,} rows at a time"

    def _everything(self, app_label: str, schema_editor: Any, state: Any, work: Any) -> None:
        cursor: str | None = ""
        while cursor is not None:
            cursor = self.advance(app_label, schema_editor.connection, state.apps, cursor, work).cursor

    def advance(
        self,
        app_label: str,
        connection: Any,
        apps: Any,
        cursor: str,
        work: Callable[[QuerySet[Any]], object] | None = None,
    ) -> Progress:
        """Work on the chunk behind `cursor`, empty for the first; the caller holds the transaction."""
        model = apps.get_model(app_label, self.model)
        if not router.allow_migrate_model(connection.alias, model):
            return Progress(None, 0)
        key = model._meta.pk
        rows = model._default_manager.using(connection.alias).order_by("pk")
        if cursor:
            rows = rows.filter(pk__gt=key.to_python(cursor))
        keys = list(rows.values_list("pk", flat=True)[: self.chunk])
        if keys:
            chunk = model._default_manager.using(connection.alias).filter(pk__gte=keys[0], pk__lte=keys[-1])
            (work or self.work)(chunk)
        return Progress(str(keys[-1]) if len(keys) == self.chunk else None, len(keys))


class EachEngine(Operation):
    """Statements in the words of each engine, and those that undo them; without both of the latter it cannot be undone."""

    reduces_to_sql = True

    def __init__(
        self,
        *,
        sqlite: Sequence[str],
        mariadb: Sequence[str],
        undo_sqlite: Sequence[str] | None = None,
        undo_mariadb: Sequence[str] | None = None,
    ) -> None:
        self.forwards = {"sqlite": tuple(sqlite), "mysql": tuple(mariadb)}
        self.backwards = {"sqlite": undo_sqlite, "mysql": undo_mariadb}
        self.reversible = undo_sqlite is not None and undo_mariadb is not None  # type: ignore[misc]  # Django says so of each kind

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the models as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for sql in self.forwards[schema_editor.connection.vendor]:
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for sql in self.backwards[schema_editor.connection.vendor] or ():
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return "Statements for each engine"
