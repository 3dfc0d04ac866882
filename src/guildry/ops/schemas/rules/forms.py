"""The one form of a row that everybody compares and signs: JSON with sorted names and moments to the millisecond."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any


def camel(name: str) -> str:
    """Return the name a client gives a field: reaction_count is reactionCount there."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def stamp(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, cut to the milliseconds that a box holds."""
    cut = moment.astimezone(UTC)
    return cut.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def plain(value: Any) -> Any:
    """Return data as JSON has it: moments as text, tuples as lists, texts as nothing but text."""
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, dict):
        return {str(name): plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    return str(value) if isinstance(value, str) else value


def canonical(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_bytes(value: Any) -> bytes:
    return canonical(value).encode("utf-8", "surrogatepass")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def pointer(*parts: str | int) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def differences(one: Any, other: Any, at: str = "") -> Iterator[str]:
    """Yield the pointers of the smallest parts in which two plain values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            if name in one and name in other:
                yield from differences(one[name], other[name], at + pointer(name))
            else:
                yield at + pointer(name)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, at + pointer(place))
    elif type(one) is not type(other) or one != other:
        yield at
