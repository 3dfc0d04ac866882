"""Whether a value fits a JSON Schema (2020-12), for the words that our schemas use."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from guildry.ops.schemas.rules.forms import pointer

Misfit = tuple[str, str]
WIDEST = 2**53 - 1
# One way to write a moment, so that equal moments are equal texts.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
KINDS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def misfits(schema: Mapping[str, Any], value: Any, at: str = "") -> Iterator[Misfit]:
    """Yield where a plain value does not fit, as pointer and reason."""
    if "anyOf" in schema:
        yield from _alternatives(schema["anyOf"], value, at)
        return
    kind = schema["type"]
    if not KINDS[kind](value):
        yield at, f"is {_named(value)}, not {kind}"
        return
    for word, check in WORDS.items():
        if word in schema:
            yield from check(schema, value, at)


def _named(value: Any) -> str:
    return next((kind for kind, fits in KINDS.items() if fits(value)), "no whole number")


def _alternatives(schemas: list[Mapping[str, Any]], value: Any, at: str) -> Iterator[Misfit]:
    """Tell of the alternative that is not null: `anyOf` is only ever something or nothing."""
    if value is None and {"type": "null"} in schemas:
        return
    for schema in schemas:
        if schema != {"type": "null"}:
            yield from misfits(schema, value, at)


def _length(schema: Mapping[str, Any], value: str, at: str) -> Iterator[Misfit]:
    if len(value) > schema["maxLength"]:
        yield at, f"has {len(value)} characters, {schema['maxLength']} at the most"


def _range(schema: Mapping[str, Any], value: int, at: str) -> Iterator[Misfit]:
    if not -WIDEST <= value <= WIDEST:
        yield at, "is a number that clients would round"


def _choice(schema: Mapping[str, Any], value: str, at: str) -> Iterator[Misfit]:
    if value not in schema["enum"]:
        yield at, f"is none of {', '.join(schema['enum'])}"


def _format(schema: Mapping[str, Any], value: str, at: str) -> Iterator[Misfit]:
    if not (MOMENT.fullmatch(value) and _is_moment(value)):
        yield at, "is no moment like 2026-01-31T12:00:00.000Z"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _items(schema: Mapping[str, Any], value: list[Any], at: str) -> Iterator[Misfit]:
    for place, item in enumerate(value):
        yield from misfits(schema["items"], item, at + pointer(place))


def _properties(schema: Mapping[str, Any], value: dict[str, Any], at: str) -> Iterator[Misfit]:
    known = schema["properties"]
    yield from ((at + pointer(name), "is missing") for name in schema["required"] if name not in value)
    for name, held in value.items():
        if name in known:
            yield from misfits(known[name], held, at + pointer(name))
        else:
            yield at + pointer(name), "is not in the contract"


WORDS: Mapping[str, Callable[[Any, Any, str], Iterator[Misfit]]] = {
    "maxLength": _length,
    "minimum": _range,
    "enum": _choice,
    "format": _format,
    "items": _items,
    "properties": _properties,
}
