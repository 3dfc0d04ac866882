"""The AsyncAPI document as people read it: namespaces, what they tell, what they take."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from guildry.config.api.examples import example_of
from guildry.ops.contracts import queries as contracts

_EXAMPLES = {
    "seq": 4711,
    "part": 0,
    "reason": "session_ended",
    "retry_in": 1.5,
    "retry_after": 0.25,
    "jitter": 2.0,
}


@dataclass(frozen=True)
class Event:
    """One event: whether clients hear or send it, its fields, and an example."""

    id: str
    name: str
    text: str
    is_heard: bool
    fields: tuple[tuple[str, str, bool, str], ...]
    example: str
    answer: str
    permission: str


@dataclass(frozen=True)
class Place:
    """A namespace, with the events of its own."""

    name: str
    path: str
    text: str
    listen: str
    send: str
    permission: str
    events: tuple[Event, ...]


def document() -> dict[str, Any]:
    return contracts.documents()["asyncapi"]


@cache
def places() -> tuple[Place, ...]:
    """Return every namespace with its own events."""
    return tuple(
        Place(
            name,
            channel["address"],
            channel["description"],
            channel["x-scopes"]["listen"],
            channel["x-scopes"]["send"],
            channel["x-permission"],
            tuple(_events(name, shared=False)),
        )
        for name, channel in document()["channels"].items()
    )


@cache
def shared() -> tuple[Event, ...]:
    """Return the events that every namespace has."""
    name = next(iter(document()["channels"]))
    return tuple(_events(name, shared=True))


def _events(channel: str, *, shared: bool) -> Iterator[Event]:
    for key, operation in document()["operations"].items():
        if not key.startswith(f"{channel}_"):
            continue
        message_key, message = _message(operation["messages"][0])
        if shared == message_key.startswith(f"{channel}."):
            continue
        yield _event(f"shared_{key.removeprefix(f'{channel}_')}" if shared else key, operation, message)


def _event(key: str, operation: dict[str, Any], message: dict[str, Any]) -> Event:
    reply = operation.get("reply")
    answered = _message(reply["messages"][0])[1] if reply else None
    return Event(
        key,
        message["name"],
        message["summary"],
        operation["action"] == "send",
        tuple(_fields(message["payload"])),
        _shown(message["payload"]),
        _shown(answered["payload"]) if answered else "",
        operation.get("x-permission", ""),
    )


def _message(reference: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return a message by what a channel calls it, with its own key."""
    _, _, channel, _, key = reference["$ref"].split("/")
    target = document()["channels"][channel]["messages"][key]["$ref"].rpartition("/")[2]
    return target, document()["components"]["messages"][target]


def _parts(shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in shape:
        yield from _parts(document()["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    elif "allOf" in shape:
        for part in shape["allOf"]:
            yield from _parts(part)
    else:
        yield shape


def _fields(payload: dict[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    for shape in _parts(payload):
        for name, inner in shape.get("properties", {}).items():
            yield name, _kind(inner), name in shape.get("required", ()), inner.get("description", "")


def _kind(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2])
    if choices := shape.get("anyOf"):
        return " or ".join(_kind(choice) for choice in choices)
    if "enum" in shape:
        return "one of " + ", ".join(map(json.dumps, shape["enum"]))
    if shape.get("type") == "array":
        return f"list of {_kind(shape['items'])}"
    return str(shape.get("format") or shape.get("type") or "anything")


def _shown(payload: dict[str, Any]) -> str:
    shapes = document()["components"]["schemas"]
    shown: dict[str, Any] = {}
    for shape in _parts(payload):
        needed = shape.get("required") or shape.get("properties", {})
        for name, inner in shape.get("properties", {}).items():
            if name in needed:
                shown[name] = _EXAMPLES.get(name, example_of(inner, shapes, name))
    return json.dumps(shown, indent=2, ensure_ascii=False)
