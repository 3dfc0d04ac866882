"""Looking for a member's words everywhere the program keeps any."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from guildry.kernel.inventory import Export
from guildry.ops.governance.queries.copies import folder
from guildry.ops.governance.queries.holdings import (
    Holding,
    Subject,
    classes_of,
    exported_fields,
    holdings,
    rows_of,
)
from guildry.ops.governance.rules import needles
from guildry.platform.files.models import StoredFile
from guildry.platform.files.queries import path_of
from guildry.platform.telemetry.queries import log_folder

AT_ONCE = 10
TEXTS = ("CharField", "TextField", "JSONField")
# What the program wrote by itself to pass something on; it goes with what it was about.
PASSED_ON = ("mail.OutgoingMail", "notifications.Notification", "jobs.Job", "perimeter.KeptReply")
LEDGER = "erasures.jsonl"


def words_of(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the texts a member gets a copy of, each with its column."""
    for holding in holdings():
        classes = classes_of(holding.model)
        columns = [
            field.name
            for field in exported_fields(holding.model)
            if field.get_internal_type() in TEXTS[:2]
            and not field.choices
            and classes[field.name].personal
            and classes[field.name].export == Export.YES
        ]
        if holding.to and holding.goes_with and columns:
            for row in (
                rows_of(holding, subject).order_by("pk").values_list(*columns).iterator(chunk_size=500)
            ):
                yield from (
                    (f"{holding.table}.{name}", text) for name, text in zip(columns, row, strict=True) if text
                )


def needles_of(subject: Subject) -> list[str]:
    """Return words that stand nowhere but in what is a member's, to be looked for when that is gone."""
    found = needles.chosen(words_of(subject), subject.addresses)
    shared = _others(found, subject) - set(subject.addresses)
    return [each for each in found if each not in shared]


def hits(words: Sequence[str]) -> dict[str, int]:
    """Return how many rows of each table hold one of these words; tables without any are left out."""
    found = {holding.table: rows_with(holding.model, words).count() for holding in holdings()}
    return {table: number for table, number in found.items() if number}


def rows_with(model: type[Model], words: Sequence[str]) -> Any:
    """Return the rows of a table that hold one of these words in any text or JSON."""
    columns = text_columns(model)
    rows = model._base_manager.all()
    if not columns or not words:
        return rows.none()
    keys: set[Any] = set()
    for start in range(0, len(words), AT_ONCE):
        condition, cast = Q(), {}
        for number, column in enumerate(columns):
            name = column.name
            if column.get_internal_type() == "JSONField":
                name = f"told_{number}"
                cast[name] = Cast(column.name, TextField())
            for word in words[start : start + AT_ONCE]:
                condition |= Q(**{f"{name}__contains": word})
                if name in cast and (escaped := json.dumps(word)[1:-1]) != word:
                    condition |= Q(**{f"{name}__contains": escaped})
        keys.update(rows.alias(**cast).filter(condition).values_list("pk", flat=True))
    return rows.filter(pk__in=keys)


def files_with(words: Sequence[str]) -> list[str]:
    """Return the logs and copies in the data folder in which one of these words stands."""
    sought = [each.encode() for each in words]
    logs = [path for path in Path(settings.DATA_DIR).glob("*.log*") if path.is_file()]
    kept = [path for path in log_folder().rglob("*") if path.is_file()]
    copies = [path for path in folder().rglob("*") if path.is_file() and path.suffix != ".zip"]
    return sorted(path.name for path in (*logs, *kept, *copies) if _has(path, sought))


def media_left(keys: Sequence[str]) -> list[str]:
    """Return which of these files are still there."""
    return [key for key in keys if default_storage.exists(path_of(key))]


def media_keys(subject: Subject) -> list[str]:
    return list(StoredFile.objects.filter(owner_id=subject.member_id).values_list("key", flat=True))


def passed_on() -> list[Holding]:
    """Return the tables with what the program wrote by itself."""
    return [each for each in holdings() if each.label in PASSED_ON]


def _has(path: Path, sought: Sequence[bytes]) -> bool:
    with path.open("rb") as file:
        return any(word in line for line in file for word in sought)


def _others(words: Sequence[str], subject: Subject) -> set[str]:
    """Return the words that also stand in rows that are nobody's or somebody else's."""
    found: set[str] = set()
    for holding in holdings():
        if holding.label not in PASSED_ON:
            own = rows_of(holding, subject, erased=True).values("pk")
            names = [field.name for field in text_columns(holding.model)]
            for row in rows_with(holding.model, words).exclude(pk__in=own).values_list(*names):
                told = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in row).lower()
                found.update(word for word in words if word.lower() in told)
    return found


def text_columns(model: type[Model]) -> list[Any]:
    fields: list[Any] = model._meta.local_fields
    return [field for field in fields if field.get_internal_type() in TEXTS]
