"""What is asked of the trail, what an act is called, and how a copy of the trail is written."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_EXPORTED = 20_000
COLUMNS = ("seq", "at", "act", "who", "subject", "reason", "before", "after", "trace_id", "digest")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# The first sign by which a spreadsheet takes a cell for a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


@dataclass(frozen=True)
class Search:
    """Which entries are wanted: all conditions that are given hold; `who` is a handle, or "system"."""

    who: str = ""
    what: str = ""
    subject: str = ""
    trace: str = ""
    since: datetime | None = None
    until: datetime | None = None


ANYTHING = Search()


@dataclass(frozen=True)
class Unsealed:
    """Facts that wait for their place in the chain: how many, and the age of the oldest in seconds."""

    count: int
    seconds: float


def title_of(name: str) -> str:
    """Return the name of a fact in words: "accounts.RoleGranted" is "Role granted"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(".")[2])
    return words.capitalize()


def names_like(names: Iterable[str], text: str) -> list[str]:
    """Return the names of facts that hold the text, as they are written or in words, whatever its case."""
    wanted = text.strip().lower()
    return sorted(name for name in names if wanted in name.lower() or wanted in title_of(name).lower())


def written(rows: Iterable[Mapping[str, Any]], form: str) -> str:
    """Return rows as a CSV table whose cells no spreadsheet runs, or as a JSON list."""
    if form == "json":
        return json.dumps(list(rows), indent=1, ensure_ascii=False) + "\n"
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
