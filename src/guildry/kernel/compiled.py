"""Hot reads: a queryset compiled to SQL once, then only bound and executed.

The ORM stays the single source of the query; only the building of SQL is saved. It relies on compiler internals
of Django 5.2, so every compiled query is registered here and a test holds each one equal to its queryset.
"""

import re
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connections, models
from django.db.models.expressions import Col


class CompiledQuery:
    """A `values_list` query with named parameters: integers, strings, or integer lists of a fixed width.

    `build(**sentinels)` returns the queryset; each sentinel must reach the SQL as one parameter of its own.
    Parameters may not be None, because that would change the shape of the SQL. A list longer than its width raises
    ValueError; a shorter one repeats its last value, an empty one never matches. With `walks` the database reads the
    table the queryset begins with first, in its order, however few rows it expects of another one. `along` names the
    index of that table to be read along where the database would choose another one, which MariaDB does for pages.
    With `loose_truths` what the database works out to be true or false comes as it says it, which may be 1 or 0.
    """

    def __init__(
        self,
        name: str,
        build: Callable[..., models.QuerySet[Any, Any]],
        *,
        walks: bool = False,
        along: str = "",
        loose_truths: bool = False,
        **kinds: type | int,
    ) -> None:
        self.name, self.build, self.kinds = name, build, kinds
        self.walks, self.along, self.loose_truths = walks, along, loose_truths
        self._plans: dict[str, Plan] = {}
        self._lock = threading.Lock()
        REGISTERED[name] = self

    def __call__(self, *, using: str = "default", **values: Any) -> list[tuple[Any, ...]]:
        connection = connections[using]
        plan = self._plans.get(connection.vendor) or self._compile(connection)
        parameters = list(plan.template)
        flat = self._flatten(values)
        for index, key in plan.slots:
            parameters[index] = flat[key]
        rows = _fetched(connection, plan, parameters)
        if not plan.cells:
            return list(rows)
        return [_converted(row, plan.cells) for row in rows]

    def queryset(self, **values: Any) -> models.QuerySet[Any, Any]:
        """Return the same query, built by the ORM with real values: the reference the tests compare with."""
        return self.build(**values)

    def _flatten(self, values: dict[str, Any]) -> dict[Any, Any]:
        flat: dict[Any, Any] = {}
        for name, kind in self.kinds.items():
            value = values[name]
            if isinstance(kind, int):
                flat.update(((name, i), item) for i, item in enumerate(_pad(name, value, kind)))
            elif value is None:
                raise TypeError(f"{self.name}: {name} must not be None.")
            else:
                flat[name] = value
        return flat

    def _hinted(self, sql: str, table: str) -> str:
        if self.walks:
            sql = sql.replace("SELECT", "SELECT STRAIGHT_JOIN", 1)
        # A table of the same name inside a subquery goes by another one there.
        return (
            re.sub(rf" FROM `{table}`(?! U)", rf"\g<0> FORCE INDEX ({self.along})", sql)
            if self.along
            else sql
        )

    def _is_loose(self, functions: list[Any], connection: Any) -> bool:
        return self.loose_truths and functions == [connection.ops.convert_booleanfield_value]

    def _compile(self, connection: Any) -> "Plan":
        with self._lock:
            sentinels, lookup = _sentinels(self.kinds)
            compiler = self.build(**sentinels).query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
            if connection.vendor == "mysql":
                sql = self._hinted(sql, compiler.query.model._meta.db_table)
            slots = [(i, lookup[value]) for i, value in enumerate(parameters) if _hashable(value) in lookup]
            missing = set(lookup.values()) - {key for _, key in slots}
            if missing:
                raise TypeError(f"{self.name}: {sorted(map(str, missing))} did not reach the SQL.")
            converters = compiler.get_converters([s[0] for s in compiler.select])
            cells = [
                (position, _cell(found[0], found[1], connection))
                for position, found in converters.items()
                if not (_is_ready(found[0], found[1], connection) or self._is_loose(found[0], connection))
            ]
            native = _PLACE.sub("?", sql).replace("%%", "%") if connection.vendor == "sqlite" else sql
            plan = Plan(sql, native, list(parameters), slots, cells)
            self._plans[connection.vendor] = plan
            return plan


@dataclass(frozen=True)
class Plan:
    """A query compiled for one kind of database; `native` is its SQL as the driver itself takes it."""

    sql: str
    native: str
    template: list[Any]
    slots: list[tuple[int, Any]]
    cells: list[tuple[int, Callable[[Any], Any]]]


_PLACE = re.compile(r"(?<!%)%s")


def _fetched(connection: Any, plan: Plan, parameters: list[Any]) -> Sequence[tuple[Any, ...]]:
    """Run a plan on the driver's own cursor, or on Django's when there is none yet or somebody watches the queries."""
    connection.close_if_health_check_failed()
    if connection.connection is None or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            return cursor.fetchall()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        cursor.execute(plan.native, parameters)
        return cursor.fetchall()


def _converted(row: Sequence[Any], cells: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for position, convert in cells:
        values[position] = convert(values[position])
    return tuple(values)


def _is_ready(functions: list[Any], expression: Any, connection: Any) -> bool:
    """Tell whether the driver itself makes the value: ours for SQLite does, of times and truths in plain columns."""
    if connection.vendor != "sqlite" or connection.timezone is not UTC or not isinstance(expression, Col):
        return False
    made = (connection.ops.convert_booleanfield_value, connection.ops.convert_datetimefield_value)
    return len(functions) == 1 and functions[0] in made


def _cell(functions: list[Any], expression: Any, connection: Any) -> Callable[[Any], Any]:
    """Return one function for a column: times and truths, which are everywhere, take the short way."""
    if functions == [connection.ops.convert_booleanfield_value]:
        return _TRUTHS.get
    if functions == [connection.ops.convert_datetimefield_value] and connection.timezone is UTC:
        return _aware
    if isinstance(expression, Col) and functions == [getattr(expression.target, "from_db_value", None)]:
        return _parsed(expression.target)

    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return convert


def _parsed(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """Return how a column that converts its own values does it; lists and mappings are read by the quicker library."""
    if not isinstance(field, models.JSONField) or field.decoder is not None:
        return lambda value: field.from_db_value(value, None, None)  # type: ignore[attr-defined]

    def parsed(value: Any) -> Any:
        try:
            return value if value is None else msgspec.json.decode(value)
        except msgspec.DecodeError:
            return convert(value, None, None)

    convert: Any = field.from_db_value
    return parsed


_TRUTHS = {0: False, 1: True, None: None}


def _aware(value: datetime | str | None) -> datetime | None:
    """SQLite gives a time as text where it does not know the column it came from."""
    if value is None:
        return None
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).replace(tzinfo=UTC)


REGISTERED: dict[str, CompiledQuery] = {}

# Far outside any key a table can reach, so a sentinel never equals a constant of the query.
_FIRST_SENTINEL = 9_100_000_000_000_000_000


def _sentinels(kinds: dict[str, type | int]) -> tuple[dict[str, Any], dict[Any, Any]]:
    sentinels: dict[str, Any] = {}
    lookup: dict[Any, Any] = {}
    counter = _FIRST_SENTINEL
    for name, kind in kinds.items():
        if isinstance(kind, int):
            items = [counter + i for i in range(kind)]
            counter += kind
            sentinels[name] = items
            lookup.update({item: (name, i) for i, item in enumerate(items)})
            continue
        value = f"\x01sentinel:{name}\x01" if kind is str else counter
        counter += 1
        sentinels[name] = value
        lookup[value] = name
    return sentinels, lookup


def _pad(name: str, value: Sequence[int], width: int) -> list[int]:
    if len(value) > width:
        raise ValueError(f"{name} takes at most {width} values, not {len(value)}.")
    return [*value, *[value[-1] if value else -1] * (width - len(value))]


def _hashable(value: Any) -> Any:
    return value if isinstance(value, int | str) else None
