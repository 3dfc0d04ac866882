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


def runs_code_before(release: str, began: datetime, here: str, since: datetime) -> bool:
    """Tell whether a process may run code from before a change: it is of another release and older than the change."""
    return release != here and began < since


# Fewer rows than these say nothing about how long many take.
TELLING_ROWS = 10_000


def rate(measured: Iterable[tuple[int, float]]) -> float | None:
    """Return rows a second over pairs of rows and seconds, or None where nothing took any time."""
    rows = seconds = 0.0
    for count, took in measured:
        rows, seconds = rows + count, seconds + took
    return rows / seconds if seconds > 0 else None


class Health(StrEnum):
    """How the schema stands as a whole; what is cut off has nobody at work on it."""

    SETTLED = "settled"
    WORKING = "working"
    CUT_OFF = "cut off"
    RESTING = "resting"
    DUE = "due"
    WAITING = "waiting"


def health(*, at_work: bool, is_unfinished: bool, is_resting: bool, is_due: bool, is_waiting: bool) -> Health:
    """Return the first of the states that applies, the one that wants attention most before the others."""
    if at_work:
        return Health.WORKING
    if is_unfinished:
        return Health.RESTING if is_resting else Health.CUT_OFF
    if is_due:
        return Health.DUE
    return Health.WAITING if is_waiting else Health.SETTLED


_COLLATION = re.compile(r"\b(?:COLLATE|CHARACTER\s+SET|CHARSET)\s*=?\s*\w+", re.I)
_TABLES_IN_CODE = re.compile(
    r"\b(?:CREATE|ALTER|DROP|RENAME|TRUNCATE)\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)\b"
    r"|\.(?:create_model|delete_model|add_field|alter_field|remove_field|add_index|add_constraint)\(",
    re.I,
)
_EVERY_ROW = re.compile(r"\.objects(?:\.all\(\))?\.(?:update|delete)\(|\.all\(\)\.(?:update|delete)\(")
_UNBOUNDED = re.compile(r"^\s*(?:UPDATE|DELETE)\b(?!.*\bWHERE\b)", re.I | re.S)
_MONEY = re.compile(
    r"(?:^|_)(?:amount|price|fee|cost|balance|total|wage|salary|budget|payment|refund|tax)(?:_|$)"
)
_HASHED = re.compile(r"(?:^|_)(?:digest|hash|hashed)(?:_|$)")
_EXPIRY = re.compile(r"^(?:expires|valid|lapses)_|_(?:until|expires|expiry)$|^expiry")
_PERSONAL = re.compile(r"(?:^|_)(?:email|phone|address|birth|born|surname|gender|ip|latitude|longitude)(?:_|$)")  # fmt: skip
BYTES_OF_A_CHARACTER, SHORT = 4, 255


def is_instant_length(old: int | None, new: int | None) -> bool:
    """Tell whether a text may get this length at once: it grows, and the bytes that hold its length stay as many."""
    if old == new:
        return True
    if old is None or new is None or new < old:
        return False
    return (old * BYTES_OF_A_CHARACTER <= SHORT) == (new * BYTES_OF_A_CHARACTER <= SHORT)


def collation_in(sql: str) -> str:
    found = _COLLATION.search(sql)
    return found[0] if found else ""


def changes_tables(source: str) -> bool:
    """Tell whether the source of a function changes tables."""
    return bool(_TABLES_IN_CODE.search(source))


def touches_every_row(source: str) -> bool:
    """Tell whether the source of a function changes or deletes all rows of a table in one statement."""
    return bool(_EVERY_ROW.search(source))


def is_unbounded(sql: str) -> bool:
    return bool(_UNBOUNDED.search(sql))


def sounds_of_money(name: str) -> bool:
    return bool(_MONEY.search(name))


def is_hashed(name: str) -> bool:
    return bool(_HASHED.search(name))


def sounds_of_expiry(name: str) -> bool:
    return bool(_EXPIRY.search(name))


def sounds_personal(name: str) -> bool:
    return bool(_PERSONAL.search(name))


# What MariaDB answers when a statement cannot be carried out in the way it was told to.
NOT_THIS_WAY = frozenset({1845, 1846})
_REBUILT = re.compile(r'"new__\w+"')


def with_algorithm(sql: str, lock_class: LockClass) -> str:
    """Return a statement that is refused unless the database can carry it out in this way."""
    comma = "," if first_word(sql) == "ALTER" else ""
    return f"{sql}{comma} ALGORITHM={lock_class.upper()}"


def evident_class(sql: str) -> LockClass | None:
    """Return the class of a statement that says it itself; None where the database has to be asked."""
    word, words = first_word(sql), sql.upper().split()
    if is_about_rows(sql):
        return LockClass.ROWS
    if word == "ALTER" or (word in ("CREATE", "DROP") and "INDEX" in words[1:3]):
        return None
    return {"CREATE": LockClass.NEW, "DROP": LockClass.DROP, "RENAME": LockClass.INSTANT}.get(
        word, LockClass.UNKNOWN
    )


def class_on_sqlite(sql: str) -> LockClass:
    """Return the class of a statement on SQLite, where Django makes a table anew for what cannot be altered."""
    word, words = first_word(sql), sql.upper().split()
    if _REBUILT.search(sql):
        return LockClass.COPY
    if is_about_rows(sql):
        return LockClass.ROWS
    if "INDEX" in words[1:3]:
        return LockClass.INPLACE if word == "CREATE" else LockClass.INSTANT
    return {"CREATE": LockClass.NEW, "ALTER": LockClass.INSTANT, "DROP": LockClass.DROP}.get(
        word, LockClass.UNKNOWN
    )
