"""The charter of each app: who answers for it, its tables, what each column holds, and what becomes of it."""

import inspect
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models import Model

from guildry.kernel.inventory import DataClass
from guildry.kernel.permissions import StaffRole
from guildry.kernel.points import FOREIGN_INVENTORY
from guildry.ops.governance.queries.holdings import Holding, classes_of, holdings, is_personal

FLOORS = ("kernel", "ui", "platform", "people", "community", "ops", "site", "config")


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    data: DataClass


@dataclass(frozen=True)
class Table:
    """One table: `heat` is how much of it is about a person, from 0 to 3."""

    label: str
    name: str
    purpose: str
    owner: str
    columns: tuple[Column, ...]
    holding: Holding
    heat: int

    @property
    def personal_columns(self) -> tuple[Column, ...]:
        return tuple(each for each in self.columns if each.data.personal)


@dataclass(frozen=True)
class Charter:
    app: str
    floor: str
    purpose: str
    owner: str
    tables: tuple[Table, ...]

    @property
    def personal_tables(self) -> tuple[Table, ...]:
        return tuple(each for each in self.tables if each.heat)


@cache
def charters() -> tuple[Charter, ...]:
    """Return the charter of every app that keeps a table, the lowest floor first."""
    found = [_charter(config) for config in apps.get_app_configs() if any(config.get_models())]
    return tuple(sorted(found, key=lambda each: (FLOORS.index(each.floor), each.app)))


def charter_of(app: str) -> Charter | None:
    return next((each for each in charters() if each.app == app), None)


def unowned() -> list[str]:
    """Return the tables nobody answers for, and those whose rows nobody knows the member of."""
    roles = {role.value for role in StaffRole}
    found = [table.label for each in charters() for table in each.tables if table.owner not in roles]
    return found + [
        each.label for each in holdings() if is_personal(each.model) and not (each.to or each.stays)
    ]


def unclassified() -> list[str]:
    """Return the columns nobody said anything about."""
    return [
        f"{each.label}.{field.name}"
        for each in holdings()
        for field in each.model._meta.local_fields
        if field.name not in classes_of(each.model)
    ]


def _charter(config: AppConfig) -> Charter:
    ours = config.name.startswith("guildry.")
    purpose = (
        _first_sentence(import_module(config.name).__doc__) if ours else f"{config.verbose_name}, a library."
    )
    owner = getattr(config, "owner", "")
    models = config.get_models(include_auto_created=True)
    tables = tuple(_table(model, owner) for model in sorted(models, key=lambda each: each._meta.label))
    floor = config.name.split(".")[1] if ours else "people"
    return Charter(config.label, floor, purpose, owner or tables[0].owner, tables)


def _table(model: type[Model], owner: str) -> Table:
    foreign = FOREIGN_INVENTORY.get(model._meta.label)
    classes = classes_of(model)
    columns = tuple(
        Column(field.name, field.get_internal_type(), classes[field.name])
        for field in model._meta.local_fields
        if field.name in classes
    )
    purpose = foreign.purpose if foreign else _first_sentence(inspect.getdoc(model))
    holding = next(each for each in holdings() if each.model is model)
    heat = _heat(model, columns)
    return Table(
        model._meta.label,
        model._meta.db_table,
        purpose,
        foreign.owner if foreign else owner,
        columns,
        holding,
        heat,
    )


def _heat(model: type[Model], columns: tuple[Column, ...]) -> int:
    """Return 0 where nobody is told of, 3 where contact, private words or what proves an identity is kept."""
    if not is_personal(model):
        return 0
    keys = {each.data.key for each in columns}
    if any(key.startswith(("user.contact", "user.content.", "user.device", "system.secret")) for key in keys):
        return 3
    return 2 if keys & {"user.content", "user.profile", "user.name", "user.behavior"} else 1


def _first_sentence(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())
