"""The document as people read it: groups of operations, what they take, what they answer, how to call them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from guildry.config.api import api, parts, snippets
from guildry.config.api.examples import example_of


@dataclass(frozen=True)
class Version:
    """What changed for callers, and since when."""

    number: str
    day: str
    changes: tuple[str, ...]


CHANGES = (
    Version(
        "1.0.0",
        "24 November 2026",
        (
            "The first version: accounts, profiles, organisations, the network, the Timeline, notifications and files.",
            "Within version 1 fields and operations are added and none is taken away; read what you know and "
            "ignore the rest.",
        ),
    ),
)


@dataclass(frozen=True)
class Kind:
    """What a value is, in words; `shape` names the described shape it holds, when there is one."""

    text: str
    shape: str = ""


@dataclass(frozen=True)
class Part:
    """A parameter or a field."""

    name: str
    kind: Kind
    is_required: bool
    text: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    status: str
    text: str
    codes: tuple[str, ...]
    is_refusal: bool


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    text: str
    is_public: bool
    scope: str
    parts: tuple[Part, ...]
    body: tuple[Part, ...]
    body_type: str
    answers: tuple[Answer, ...]
    reply: str
    call: str
    snippets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shape:
    name: str
    text: str
    fields: tuple[Part, ...]


@dataclass(frozen=True)
class Group:
    name: str
    text: str
    operations: tuple[Operation, ...]
    shapes: tuple[Shape, ...]

    @property
    def title(self) -> str:
        return self.name.capitalize()


@cache
def groups() -> dict[str, Group]:
    """Return every group of operations by its name, in the order of the document."""
    found = {}
    for tag in api.document["tags"]:
        mine = [entry for entry in _entries() if tag["name"] in entry[2]["tags"]]
        names = sorted(_shapes_in([described for _, _, described in mine]))
        found[tag["name"]] = Group(
            tag["name"],
            tag["description"],
            tuple(_operation(*entry) for entry in mine),
            tuple(_shape(name) for name in names if "properties" in _shapes()[name]),
        )
    return found


def _entries() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in api.document["paths"].items():
        yield from ((path, method, described) for method, described in methods.items())


def _shapes() -> dict[str, Any]:
    shapes: dict[str, Any] = api.document["components"]["schemas"]
    return shapes


def _operation(path: str, method: str, described: dict[str, Any]) -> Operation:
    token = next(entry["token"] for entry in described["security"] if "token" in entry)
    contents: dict[str, Any] = described.get("requestBody", {}).get("content", {})
    body_type, content = next(iter(contents.items()), ("", dict[str, Any]()))
    return Operation(
        id=described["operationId"],
        method=method.upper(),
        path=path,
        summary=described["summary"],
        text=described["description"],
        is_public={} in described["security"],
        scope=token[0],
        parts=tuple(_parameter(entry) for entry in described["parameters"]),
        body=_fields(content.get("schema", {})),
        body_type=body_type,
        answers=tuple(_answer(status, answer) for status, answer in described["responses"].items()),
        reply=_reply(described),
        call=_call(path, method, described, body_type, content),
        snippets=_snippets(described, body_type, content),
    )


def _snippets(
    described: dict[str, Any], body_type: str, content: dict[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Return the call in the languages that there are clients for."""
    inputs = [entry for entry in described["parameters"] if entry.get("in") == "path"]
    shown = [example_of(entry["schema"], _shapes(), entry["name"]) for entry in inputs]
    options: dict[str, Any] = {
        "is_form": body_type == "multipart/form-data",
        "is_known": {} not in described["security"],
        "is_versioned": any(entry.get("$ref", "").endswith("/if_match") for entry in described["parameters"]),
    }
    made = (("Python", snippets.python), ("TypeScript", snippets.typescript))
    given = ([42 if part == 1 else part for part in shown], content.get("example"))
    return tuple((name, write(described["operationId"], *given, **options)) for name, write in made)


def _parameter(entry: dict[str, Any]) -> Part:
    if "$ref" in entry:
        entry = parts.PARAMETERS[entry["$ref"].rpartition("/")[2]]
    return Part(
        entry["name"],
        _kind(entry["schema"]),
        entry.get("required", False),
        entry.get("description", ""),
        entry["in"],
    )


def _fields(shape: dict[str, Any]) -> tuple[Part, ...]:
    if "$ref" in shape:
        shape = _shapes()[shape["$ref"].rpartition("/")[2]]
    needed = set(shape.get("required", ()))
    return tuple(
        Part(name, _kind(inner), name in needed, inner.get("description", ""))
        for name, inner in shape.get("properties", {}).items()
    )


def _kind(shape: dict[str, Any]) -> Kind:
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        inner = _shapes()[name]
        return Kind(name, name) if "properties" in inner else _kind(inner)
    if choices := shape.get("anyOf") or shape.get("allOf"):
        kinds = [_kind(choice) for choice in choices]
        return Kind(" or ".join(kind.text for kind in kinds), next((k.shape for k in kinds if k.shape), ""))
    if "enum" in shape or "const" in shape:
        values = shape.get("enum", [shape.get("const")])
        return Kind("one of " + ", ".join(json.dumps(value) for value in values))
    if shape.get("type") == "array":
        inner_kind = _kind(shape.get("items", {}))
        return Kind(f"list of {inner_kind.text}", inner_kind.shape)
    return Kind(_plain(shape))


def _plain(shape: dict[str, Any]) -> str:
    text = str(shape.get("format") or shape.get("type") or "anything")
    if "maxLength" in shape:
        text += f", at most {shape['maxLength']:,} characters"
    if text == "object" and isinstance(shape.get("additionalProperties"), dict):
        return f"object of {_kind(shape['additionalProperties']).text}"
    return text


def _answer(status: str, answer: dict[str, Any]) -> Answer:
    if "$ref" in answer:
        answer = api.document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    first, _, rest = answer["description"].partition("\n\n")
    codes = tuple(line.split("`")[1] for line in rest.splitlines() if "`" in line)
    return Answer(status, first, codes, int(status) >= 400)


def _reply(described: dict[str, Any]) -> str:
    for status, answer in described["responses"].items():
        for content in answer.get("content", {}).values():
            if status.startswith("2"):
                return json.dumps(content["example"], indent=2, ensure_ascii=False)
    return ""


def _call(path: str, method: str, described: dict[str, Any], body_type: str, content: dict[str, Any]) -> str:
    for entry in described["parameters"]:
        if entry.get("in") == "path":
            shown = str(example_of(entry["schema"], _shapes(), entry["name"]))
            path = path.replace(f"{{{entry['name']}}}", "42" if shown == "1" else shown)
    verb = "" if method == "get" else f"-X {method.upper()} "
    lines = [f"curl {verb}{settings.ORIGIN}{path}"]
    if {} not in described["security"]:
        lines.append('-H "Authorization: Bearer $GUILDRY_TOKEN"')
    if method != "get":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if any(entry.get("$ref", "").endswith("/if_match") for entry in described["parameters"]):
        lines.append("-H 'If-Match: \"5d41402abc4b2a76b9719d91\"'")
    if body_type == "application/json":
        shown = json.dumps(content["example"], indent=2, ensure_ascii=False).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{shown}'"]
    elif body_type:
        lines += [_form_field(name, value) for name, value in content["example"].items() if value != ""]
    return " \\\n  ".join(lines)


def _form_field(name: str, value: Any) -> str:
    return f"-F {name}=@bridge.jpg" if value == "(the file)" else f'-F "{name}={value}"'


def _shapes_in(content: Any) -> set[str]:
    """Return the names of all shapes that a part of the document leads to."""
    found: set[str] = set()
    waiting = [content]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            name = str(current.get("$ref", "")).rpartition("/")[2]
            if name in _shapes() and name not in found and not name.startswith("Problem"):
                found.add(name)
                waiting.append(_shapes()[name])
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current
    return found


def _shape(name: str) -> Shape:
    described = _shapes()[name]
    return Shape(name, described.get("description", ""), _fields(described))
