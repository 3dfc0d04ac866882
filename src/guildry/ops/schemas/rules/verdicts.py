"""What is to be said of one key of a box, compared with what its member may see on the server."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from guildry.ops.schemas.rules.forms import differences, digest, pointer
from guildry.ops.schemas.rules.schemas import Misfit


class Verdict(StrEnum):
    OK = "ok"
    STALE = "stale"
    MISSING = "missing"
    EXTRA = "extra"
    MISMATCH = "mismatch"
    SCHEMA_INVALID = "schema-invalid"
    OVER_AGE = "over-age"
    FORBIDDEN = "forbidden"


FAILING = frozenset(Verdict) - {Verdict.OK, Verdict.STALE}
# A device's clock may be ahead by so much before what it stores is called from the future.
SKEW = timedelta(minutes=5)
SECRETS = re.compile(
    r"gl[dt]_[\w-]{20,}"  # our own tokens and tickets
    r"|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}"  # a JSON web token
    r"|\$argon2(?:id|i|d)\$|\bpbkdf2_sha\d+\$"  # a hashed password
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|otpauth://|\b[Bb]earer [\w.~+/-]{20,}"
)


@dataclass(frozen=True)
class Finding:
    """The verdict on one key; each detail is a JSON pointer and what is wrong there."""

    key: str
    verdict: Verdict
    details: tuple[Misfit, ...] = ()


@dataclass(frozen=True)
class Held:
    """A row as a box holds it: its plain payload and when it was stored and expires, if it says so."""

    payload: Any
    misfits: tuple[Misfit, ...] = ()
    stored_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """A row as the server has it, and how to tell an older copy from a wrong one.

    `signed` is the digest that a manifest of ours gave for this key.
    """

    payload: Any
    version: str = ""
    volatile: frozenset[str] = field(default_factory=frozenset)
    signed: str = ""


# Stands for the server's row where nobody is compared with.
ANYBODYS = Row(None)


def judge(
    key: str, held: Held, row: Row | None, *, now: datetime, lasts: timedelta, private: Collection[str]
) -> Finding:
    """Return the worst that is true of a key; `row` is None when the server has no such row for the member, and
    ANYBODYS when only the contract is asked for."""
    same = row is not None and row is not ANYBODYS and row.payload == held.payload
    found = tuple(secrets_in(held.payload, private, texts=not same))
    if found:
        return Finding(key, Verdict.FORBIDDEN, found)
    if held.misfits:
        return Finding(key, Verdict.SCHEMA_INVALID, held.misfits)
    if row is None:
        return Finding(key, Verdict.EXTRA)
    age = _over_age(held, now, lasts)
    if age:
        return Finding(key, Verdict.OVER_AGE, (("", age),))
    if same or row is ANYBODYS:
        return Finding(key, Verdict.OK)
    places = tuple(differences(held.payload, row.payload))
    if _is_older(held.payload, row, places):
        return Finding(key, Verdict.STALE, tuple((place, "has changed since") for place in places))
    return Finding(key, Verdict.MISMATCH, tuple((place, "differs from the server") for place in places))


def secrets_in(value: Any, private: Collection[str], *, texts: bool = True, at: str = "") -> Iterator[Misfit]:
    """Yield what no device may keep: fields named like private ones, and texts that look like secrets."""
    if isinstance(value, dict):
        for name, held in value.items():
            if name in private:
                yield at + pointer(name), "may not be kept offline"
            else:
                yield from secrets_in(held, private, texts=texts, at=at + pointer(name))
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from secrets_in(held, private, texts=texts, at=at + pointer(place))
    elif texts and isinstance(value, str) and SECRETS.search(value):
        yield at, "looks like a secret"


def _over_age(held: Held, now: datetime, lasts: timedelta) -> str:
    if held.stored_at is not None and held.stored_at > now + SKEW:
        return "was stored in the future"
    ends = [moment for moment in (held.expires_at, held.stored_at and held.stored_at + lasts) if moment]
    return "should have been thrown away" if ends and min(ends) <= now else ""


def _is_older(payload: Any, row: Row, places: Collection[str]) -> bool:
    """Tell an old copy: one we signed, one of an earlier version, or one that differs only in what always moves."""
    if row.signed and digest(payload) == row.signed:
        return True
    if row.version:
        held, current = payload.get(row.version), row.payload.get(row.version)
        if held != current:
            return bool(held < current)
    return all(place.split("/")[1] in row.volatile for place in places)
