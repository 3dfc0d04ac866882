"""What is asked of the trail, how its pages are bound, what damage is called, and how a copy is written."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

MOST_EXPORTED = 20_000
# So many facts are a page of the chain.
ROWS = 1000
# So many are bound in one go, which takes a fraction of a second.
MOST_BOUND = 50
# What stands between the facts of a page; no part of a fact holds it, because JSON escapes it.
BREAK = "\x1f"
_STAMP = len("2026-01-01 00:00:00.000000")
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


class Damage(StrEnum):
    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT_SHORT = "cut short"
    REWRITTEN = "rewritten from here on"
    HEAD_FORGED = "head forged"
    PAGE_FORGED = "page forged"


@dataclass(frozen=True)
class Finding:
    """The first fact that is not as it was sealed."""

    seq: int
    damage: Damage

    def __str__(self) -> str:
        return f"fact {self.seq}: {self.damage}"


@dataclass(frozen=True)
class Unsealed:
    """Facts that wait for their place in the chain: how many, and the age of the oldest in seconds."""

    count: int
    seconds: float


def verdict(whole: int, finding: Finding | None) -> str:
    """Return in words what came out of verifying the chain."""
    if finding:
        return f"Damage found: {finding}. The {whole:,} facts before it are as they were sealed."
    return f"All {whole:,} sealed facts are as they were sealed."


def digest_of_page(previous: str, number: int, columns: Sequence[str]) -> str:
    """Return the SHA-256, in hex, of a page after the one before it: its columns, each with the facts in order.

    The first column is the key and the fifth the time, which databases write in two ways. Empty when a part of a
    fact holds what parts facts, so that nothing can move from one to the next.
    """
    key, name, payload, trace, at, *others = columns
    parts = (key.replace("-", ""), name, payload, trace, _in_full(at), *others)
    if any(part.count(BREAK) != ROWS - 1 for part in parts):
        return ""
    page = hashlib.sha256(f"{previous} {number}".encode())
    for part in parts:
        written = part.encode()
        page.update(b" %d " % len(written))
        page.update(written)
    return page.hexdigest()


def _in_full(stamps: str) -> str:
    if len(stamps) == ROWS * (_STAMP + 1) - 1:
        return stamps
    return BREAK.join(at if len(at) == _STAMP else f"{at}.000000" for at in stamps.split(BREAK))


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
