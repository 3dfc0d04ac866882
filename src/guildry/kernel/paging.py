"""Keyset pages: a cursor names the last row seen, so nothing is lost or repeated while rows arrive."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from guildry.kernel import errors

T = TypeVar("T")


class InvalidCursor(errors.Malformed):
    problem = errors.problem("invalid-cursor", 400, "That page marker is not ours")
    detail = "That page marker is not one we gave out. Start again from the first page."


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows; `next_cursor` is empty on the last one."""

    items: Sequence[T]
    next_cursor: str = ""


def encode_cursor(*key: int | str) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """Return the key inside; raises InvalidCursor unless it has exactly the given types."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = msgspec.json.decode(raw)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise InvalidCursor from error
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise InvalidCursor
    if any(type(part) is int and not -(2**63) <= part < 2**63 for part in key):
        raise InvalidCursor
    return tuple(key)


def page_of(rows: Sequence[T], size: int, *key_fields: str) -> Page[T]:
    """Cut a result fetched with `size + 1` rows into a page and the cursor that follows it."""
    items = rows[:size]
    if len(rows) <= size:
        return Page(items)
    return Page(items, encode_cursor(*(getattr(items[-1], field) for field in key_fields)))
