"""Hot reads: a queryset compiled to SQL once, then only bound and executed.

The ORM stays the single source of the query; only the building of SQL is saved. It relies on compiler internals
of Django 5.2, so every compiled query is registered here and a test holds each one equal to its queryset.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections, models


class CompiledQuery:
    """A `values_list` query with named parameters: integers, strings, or integer lists of a fixed width.

    `build(**sentinels)` returns the queryset; each sentinel must reach the SQL as one parameter of its own.
    Parameters may not be None, because that would change the shape of the SQL. A list longer than its width raises
    ValueError; a shorter one repeats its last value, an empty one never matches.
    """

    def __init__(
        self, name: str, build: Callable[..., models.QuerySet[Any, Any]], **kinds: type | int
    ) -> None:
        self.name, self.build, self.kinds = name, build, kinds
        self._plans: dict[str, tuple[str, list[Any], list[tuple[int, Any]], list[Any]]] = {}
        self._lock = threading.Lock()
        REGISTERED[name] = self

    def __call__(self, *, using: str = "default", **values: Any) -> list[tuple[Any, ...]]:
        connection = connections[using]
        sql, template, slots, converters = self._plans.get(connection.vendor) or self._compile(connection)
        parameters = list(template)
        flat = self._flatten(values)
        for index, key in slots:
            parameters[index] = flat[key]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
        if converters:
            rows = [self._convert(row, converters, connection) for row in rows]
        return rows if isinstance(rows, list) else list(rows)

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

    def _compile(self, connection: Any) -> tuple[str, list[Any], list[tuple[int, Any]], list[Any]]:
        with self._lock:
            sentinels, lookup = _sentinels(self.kinds)
            compiler = self.build(**sentinels).query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
            slots = [(i, lookup[value]) for i, value in enumerate(parameters) if _hashable(value) in lookup]
            missing = set(lookup.values()) - {key for _, key in slots}
            if missing:
                raise TypeError(f"{self.name}: {sorted(map(str, missing))} did not reach the SQL.")
            converters = list(compiler.get_converters([s[0] for s in compiler.select]).items())
            plan = (sql, list(parameters), slots, converters)
            self._plans[connection.vendor] = plan
            return plan

    @staticmethod
    def _convert(row: Sequence[Any], converters: list[Any], connection: Any) -> tuple[Any, ...]:
        cells = list(row)
        for position, (functions, expression) in converters:
            value = cells[position]
            for function in functions:
                value = function(value, expression, connection)
            cells[position] = value
        return tuple(cells)


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
