"""What a generated function needs to know of an operation, whatever language it is written in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JSON, FORM = "application/json", "multipart/form-data"


@dataclass(frozen=True)
class Value:
    """A parameter or a field: its name, its shape, and whether it has to be given."""

    name: str
    shape: Mapping[str, Any]
    is_required: bool
    text: str = ""


@dataclass(frozen=True)
class Call:
    """An operation; `answer` is the shape of its reply, or None when it has none."""

    name: str
    method: str
    path: str
    summary: str
    path_parts: tuple[Value, ...]
    query: tuple[Value, ...]
    body: Mapping[str, Any] | None
    is_form: bool
    takes_version: bool
    answer: Mapping[str, Any] | None

    @property
    def changes(self) -> bool:
        return self.method not in ("GET", "HEAD")


def calls_in(openapi: Mapping[str, Any]) -> list[Call]:
    """Return every operation, sorted by its name."""
    found = [
        _call(openapi, path, method, described)
        for path, methods in openapi["paths"].items()
        for method, described in methods.items()
    ]
    return sorted(found, key=lambda call: call.name)


def _call(openapi: Mapping[str, Any], path: str, method: str, described: Mapping[str, Any]) -> Call:
    parameters = [_resolved(openapi, entry) for entry in described["parameters"]]
    contents = described.get("requestBody", {}).get("content", {})
    media_type = next(iter(contents), "")
    return Call(
        name=described["operationId"],
        method=method.upper(),
        path=path,
        summary=described["summary"],
        path_parts=tuple(_values(parameters, "path")),
        query=tuple(_values(parameters, "query")),
        body=contents[media_type].get("schema") if media_type else None,
        is_form=media_type == FORM,
        takes_version=any(entry["name"] == "If-Match" for entry in parameters),
        answer=_answer(described["responses"]),
    )


def _resolved(openapi: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in entry:
        return entry
    found: Mapping[str, Any] = openapi["components"]["parameters"][entry["$ref"].rpartition("/")[2]]
    return found


def _values(parameters: list[Mapping[str, Any]], place: str) -> Iterator[Value]:
    for entry in parameters:
        if entry["in"] == place:
            is_required = bool(entry.get("required", False))
            yield Value(entry["name"], entry["schema"], is_required, entry.get("description", ""))


def _answer(responses: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for status, answer in sorted(responses.items()):
        if status.startswith("2"):
            content = answer.get("content", {}).get(JSON)
            return content["schema"] if content else None
    return None


def shapes_in(openapi: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return sorted(openapi["components"]["schemas"].items())


def fields_of(shape: Mapping[str, Any]) -> list[Value]:
    needed = set(shape.get("required", ()))
    return [
        Value(name, inner, name in needed, inner.get("description", ""))
        for name, inner in shape.get("properties", {}).items()
    ]


def named(shape: Mapping[str, Any]) -> str:
    """Return the name that a shape refers to, or nothing."""
    return str(shape.get("$ref", "")).rpartition("/")[2]


def options(shape: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the alternatives of a shape without null, and whether null is one."""
    given = shape.get("anyOf") or shape.get("oneOf") or shape.get("allOf") or [shape]
    kept = [option for option in given if option.get("type") != "null"]
    return kept, len(kept) < len(given)


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


HEADING = "Made by `guildry contracts clients` from contracts {version}; changes here are lost."
