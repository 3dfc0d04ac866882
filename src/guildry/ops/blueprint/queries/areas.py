"""Areas, their tables and columns: how they are made, what they hold, and what refers to what."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps

from guildry.kernel import errors, inventory
from guildry.kernel.inventory import DataClass
from guildry.kernel.points import FOREIGN_INVENTORY
from guildry.kernel.stepwise import GROWING
from guildry.ops.blueprint import rules
from guildry.ops.blueprint.rules import Drawing, Entity, Heat, Line
from guildry.platform.upgrades.queries import snapshots

FLOORS = {"platform": "Platform", "people": "People", "community": "Community", "ops": "Operations"}
LIBRARIES = "Libraries"
SIGN_IN = frozenset({"account", "mfa", "socialaccount"})


class NothingThere(errors.NotFound):
    problem = errors.problem("nothing-in-the-schema", 404, "The schema has nothing of that name")
    detail = "No table or area of this release has that name."


@dataclass(frozen=True)
class Column:
    """A column: how it is made, what it holds, and the table its values lead to."""

    name: str
    kind: str
    heat: Heat
    data_class: DataClass | None
    target: str = ""

    @property
    def is_key(self) -> bool:
        return self.kind.split()[-1] == "key"


@dataclass(frozen=True)
class Table:
    """A table; `referrers` are pairs of a table and the column with which it refers to this one."""

    name: str
    area: str
    model: str
    purpose: str
    owner: str
    is_growing: bool
    columns: tuple[Column, ...]
    indexes: tuple[str, ...]
    checks: tuple[str, ...]
    referrers: tuple[tuple[str, str], ...]

    @property
    def heat(self) -> Heat:
        return rules.hottest(column.heat for column in self.columns)


@dataclass(frozen=True)
class Area:
    """What belongs together: the tables of one app, or those of the libraries behind one matter."""

    key: str
    title: str
    floor: str
    tables: tuple[Table, ...]


@cache
def areas() -> tuple[Area, ...]:
    """Return every area in the order of the floors, with its tables by name."""
    shape = snapshots.committed()["tables"]
    referrers: dict[str, list[tuple[str, str]]] = {}
    for name, made in sorted(shape.items()):
        for column, target in sorted(made["references"].items()):
            referrers.setdefault(target.split(".")[0], []).append((name, column))
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    found: dict[tuple[str, str, str], list[Table]] = {}
    for name, made in sorted(shape.items()):
        if model := models.get(name):
            place = _place(model)
            found.setdefault(place, []).append(_table(name, made, model, place[0], referrers.get(name, [])))
    order = [*FLOORS.values(), LIBRARIES]
    return tuple(
        Area(*place, tuple(tables))
        for place, tables in sorted(found.items(), key=lambda entry: (order.index(entry[0][2]), entry[0][0]))
    )


def _place(model: Any) -> tuple[str, str, str]:
    """Return the key, title and floor of the area a model belongs to."""
    config = model._meta.app_config
    parts = config.name.split(".")
    if parts[0] == "guildry" and parts[1] in FLOORS:
        return config.label, parts[-1].replace("_", " ").capitalize(), FLOORS[parts[1]]
    return ("sign_in", "Sign-in", LIBRARIES) if config.label in SIGN_IN else ("django", "Django", LIBRARIES)


def _table(name: str, made: dict[str, Any], model: Any, area: str, referrers: list[tuple[str, str]]) -> Table:
    foreign = FOREIGN_INVENTORY.get(model._meta.label)
    owner = getattr(foreign, "owner", "") or getattr(model._meta.app_config, "owner", "")
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    columns = []
    for column, kind in sorted(made["columns"].items(), key=lambda each: _position(each[0], fields)):
        data_class = inventory.class_of(fields[column], foreign) if column in fields else None
        target = made["references"].get(column, "").split(".")[0]
        columns.append(Column(column, kind, rules.heat_of(data_class), data_class, target))
    said = "" if model._meta.auto_created else (model.__doc__ or "").strip().splitlines()[0:1]
    purpose = said[0].replace("`", "") if said and not said[0].startswith(f"{model.__name__}(") else ""
    return Table(
        name, area, model._meta.label, purpose, owner.replace("_", " "), model._meta.label_lower in GROWING,
        tuple(columns), tuple(made["indexes"]), tuple(made["checks"]), tuple(referrers),
    )  # fmt: skip


def _position(column: str, fields: dict[str, Any]) -> int:
    return list(fields).index(column) if column in fields else len(fields)


def area_of(key: str) -> Area:
    """Return an area; raises NothingThere."""
    return next((area for area in areas() if area.key == key), None) or _nothing()


def table_of(name: str) -> Table:
    """Return a table; raises NothingThere."""
    return next((each for area in areas() for each in area.tables if each.name == name), None) or _nothing()


def _nothing() -> Any:
    raise NothingThere


def heats_of(tables: tuple[Table, ...]) -> list[tuple[Heat, int]]:
    """Return how many columns there are of each heat, the coldest first, without those there are none of."""
    counted = Counter(column.heat for table in tables for column in table.columns)
    return [(heat, counted[heat]) for heat in rules.ORDER if counted[heat]]


def found(text: str) -> list[tuple[Table, tuple[Column, ...]]]:
    """Return the tables whose name, model or purpose has a text in it, or some of whose columns do, with those."""
    wanted = text.strip().casefold().replace(" ", "_")
    hits = []
    for table in (table for area in areas() for table in area.tables):
        columns = tuple(column for column in table.columns if _speaks_of(column, wanted))
        named = any(
            wanted in said.casefold() for said in (table.name, table.model, table.purpose.replace(" ", "_"))
        )
        if named or columns:
            hits.append((table, columns))
    return sorted(hits, key=lambda hit: (wanted not in hit[0].name, hit[0].name))


def _speaks_of(column: Column, wanted: str) -> bool:
    held = column.data_class.key if column.data_class else ""
    return any(wanted in said for said in (column.name, held, column.heat))


def drawing_of(area: Area) -> Drawing:
    """Return an area as a drawing: lines lead to tables of the area, names to those of others."""
    inside = {table.name for table in area.tables}
    return rules.drawing(
        [
            Entity(
                table.name,
                tuple(
                    Line(column.name, column.kind, column.heat, column.target, column.target in inside)
                    for column in table.columns
                ),
            )
            for table in area.tables
        ]
    )
