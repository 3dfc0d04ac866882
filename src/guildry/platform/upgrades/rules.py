"""Pure decisions about changes of the schema: their states, what a statement is, and when one may run."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from guildry.kernel.states import Transitions


class Exit(IntEnum):
    """What `guildry migrate` and `guildry schema` end with."""

    CLEAN = 0
    FAILED = 1
    FOUND = 3
    DRIFT = 4
    USAGE = 64
    DEPENDENCY = 69
    VERIFY_FAILED = 73
    LOCKED = 75


class Direction(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"


class Status(StrEnum):
    """Of a change, and of each of its steps."""

    PLANNED = "planned"
    STARTED = "started"
    FAILED = "failed"
    DONE = "done"


CHANGES = Transitions(
    {
        Status.PLANNED: frozenset({Status.STARTED, Status.FAILED, Status.DONE}),
        Status.STARTED: frozenset({Status.FAILED, Status.DONE}),
        Status.FAILED: frozenset({Status.STARTED, Status.DONE}),
        Status.DONE: frozenset(),
    }
)


class Kind(StrEnum):
    """What a step is made of: a statement about tables, one about rows, a function, or work in chunks."""

    SCHEMA = "schema"
    ROWS = "rows"
    DATA = "data"
    BACKFILL = "backfill"
    NOTHING = "nothing"


class LockClass(StrEnum):
    """What a statement does to those who use the table meanwhile, as the database itself says."""

    NEW = "new"
    INSTANT = "instant"
    NOCOPY = "nocopy"
    INPLACE = "inplace"
    COPY = "copy"
    DROP = "drop"
    ROWS = "rows"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Of a look at something before a change."""

    PASS = "pass"  # noqa: S105  no password: something was looked at and is good
    FAIL = "fail"
    UNKNOWN = "unknown"


_FIRST_WORD = re.compile(r"\s*(?:/\*.*?\*/\s*|--[^\n]*\n\s*)*(\w+)", re.S)
_WORDS = re.compile(r"\w+")
ABOUT_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})
ABOUT_TABLES = frozenset({"ALTER", "CREATE", "DROP", "RENAME", "TRUNCATE", "OPTIMIZE"})
_COUNTER = re.compile(r" AUTO_INCREMENT=\d+")


def first_word(sql: str) -> str:
    found = _FIRST_WORD.match(sql)
    return found[1].upper() if found else ""


def is_about_rows(sql: str) -> bool:
    """Tell whether a statement changes rows only, so that a transaction holds it."""
    return first_word(sql) in ABOUT_ROWS


def is_about_tables(sql: str) -> bool:
    return first_word(sql) in ABOUT_TABLES


def names_in(sql: str, tables: Iterable[str]) -> list[str]:
    """Return which of these tables a statement names, sorted."""
    words = {word.casefold() for word in _WORDS.findall(sql)}
    return sorted(name for name in tables if name.casefold() in words)


def fingerprint(definitions: Iterable[str]) -> str:
    """Return the SHA-256 of definitions of tables, without the counters that move with every row."""
    digest = hashlib.sha256()
    for definition in definitions:
        digest.update(_COUNTER.sub("", definition).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def digest_of(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


def had_completed(status: str, before: str, now: str) -> bool:
    """Tell whether a statement that was started before a crash did its work: the tables it names are others now."""
    return status == Status.STARTED and before != now


def has_room(free: int, size: int) -> bool:
    """Tell whether a disk takes a rebuilt copy of what has this size, and what is written beside it."""
    return free >= 2 * size


def contracts_from(in_use_since: datetime | None, after_hours: float) -> datetime | None:
    """Return when a migration that contracts may run: None while what it depends on is not in use yet."""
    return in_use_since + timedelta(hours=after_hours) if in_use_since else None
