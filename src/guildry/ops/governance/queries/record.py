"""The record of processing activities that Article 30 asks for, read from what every column says of itself."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from guildry.kernel import runtime
from guildry.kernel.inventory import DataClass
from guildry.ops.governance import rules
from guildry.ops.governance.queries.charters import charters


@dataclass(frozen=True)
class Activity:
    """Why data is processed, on what ground, which data of whom, where it lies, and how long it stays."""

    purpose: str
    basis: str
    subjects: str
    categories: tuple[str, ...]
    tables: tuple[str, ...]
    column_count: int
    retention: tuple[str, ...]
    is_handed_out: bool


@dataclass(frozen=True)
class Record:
    controller: str
    contact: str
    activities: tuple[Activity, ...]
    recipients: tuple[tuple[str, str], ...]
    table_count: int
    column_count: int
    personal_column_count: int


def record() -> Record:
    """Return the record as it is true of this installation now."""
    columns = [(table, column) for each in charters() for table in each.tables for column in table.columns]
    personal = [(table, column) for table, column in columns if column.data.personal]
    grouped: dict[tuple[str, str], list[tuple[str, DataClass]]] = defaultdict(list)
    for table, column in personal:
        grouped[column.data.purpose, column.data.basis].append((table.name, column.data))
    return Record(
        runtime.value("governance.controller") or settings.ORIGIN,
        runtime.value("governance.contact") or settings.DEFAULT_FROM_EMAIL,
        tuple(_activity(*said, found) for said, found in sorted(grouped.items())),
        recipients(),
        len({table.name for table, _ in columns}),
        len(columns),
        len(personal),
    )


def recipients() -> tuple[tuple[str, str], ...]:
    """Return who else is given personal data by this installation, and what: nobody but those it is set up with."""
    found = []
    if host := _host_of(settings.MAIL):
        found.append((host, "Takes mail to members: their address, and what the mail says."))
    if settings.REDIS_URL:
        found.append((_host_of(settings.REDIS_URL), "Passes news between processes; keeps nothing for long."))
    if settings.CLAMD:
        found.append((settings.CLAMD, "Looks for viruses in uploads, and keeps nothing."))
    found += [
        (name.capitalize(), "Members who choose to sign in with it.")
        for name in settings.SOCIALACCOUNT_PROVIDERS
    ]
    return tuple(found)


def as_data(found: Record) -> dict[str, Any]:
    """Return the record and every column under it as plain data."""
    return {
        "controller": found.controller,
        "contact": found.contact,
        "activities": [vars(each) for each in found.activities],
        "recipients": [{"name": name, "given": given} for name, given in found.recipients],
        "apps": [
            {
                "app": each.app,
                "floor": each.floor,
                "purpose": each.purpose,
                "owner": each.owner,
                "tables": [_table_as_data(table) for table in each.tables],
            }
            for each in charters()
        ],
    }


def _table_as_data(table: Any) -> dict[str, Any]:
    return {
        "table": table.name,
        "purpose": table.purpose,
        "owner": table.owner,
        "handed_out_by": list(table.holding.to),
        "erased_by": list(table.holding.goes_with),
        "stays": table.holding.stays,
        "columns": [
            {
                "name": column.name,
                "class": column.data.key,
                "purpose": column.data.purpose,
                "basis": column.data.basis,
                "retention": column.data.retention,
                "export": column.data.export,
                "erase": column.data.erase,
                "offline": column.data.offline,
                "log": column.data.log,
            }
            for column in table.columns
        ],
    }


def _activity(purpose: str, basis: str, found: list[tuple[str, DataClass]]) -> Activity:
    classes = [each for _, each in found]
    return Activity(
        purpose[0].upper() + purpose[1:],
        rules.BASES[basis],
        " · ".join(sorted({rules.subjects_of(each.key) for each in classes if not each.is_secret}))
        or rules.SUBJECTS["user"],
        tuple(sorted({each.key for each in classes})),
        tuple(sorted({table for table, _ in found})),
        len(found),
        tuple(sorted({rules.RETENTION[each.retention] for each in classes})),
        any(each.export != "no" for each in classes),
    )


def _host_of(address: str) -> str:
    return urlsplit(address).hostname or ""
