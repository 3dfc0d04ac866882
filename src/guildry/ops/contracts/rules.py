"""The version of the contracts, what a change asks of it, and how documents are written down."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

# Before 1.0.0 a breaking change raises the middle number; from then on the first.
VERSION = "0.1.0"
BASE = "https://json-schema.org/draft/2020-12/schema"
UNKNOWN = "unknown"
_COMPONENTS = "#/components/schemas/"


def written(document: Any) -> str:
    """Return a document as it is committed: sorted, one value a line, so that a change is a change of few lines."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(files: Mapping[str, str]) -> str:
    """Return the one hash of all documents, whatever order they come in."""
    return digest("".join(f"{name} {digest(text)}\n" for name, text in sorted(files.items())))


def manifest_of(files: Mapping[str, str], version: str = VERSION) -> dict[str, Any]:
    """Return what names every document with its hash, and all of them with one."""
    documents = {
        name: {"sha256": digest(text), "bytes": len(text.encode())} for name, text in sorted(files.items())
    }
    return {"version": version, "hash": digest_of(files), "documents": documents}


def number_of(version: str) -> tuple[int, int, int]:
    """Return a version as numbers; raises ValueError for anything but three of them."""
    first, second, third = version.split(".")
    return int(first), int(second), int(third)


def allows_breaking(old: str, new: str) -> bool:
    """Tell whether going from one version to another announces that older clients stop working."""
    before, after = number_of(old), number_of(new)
    return after[:2] > before[:2] if before[0] == 0 else after[0] > before[0]


def newest(versions: Iterable[str]) -> str:
    """Return the highest version; raises ValueError when there is none."""
    return max(versions, key=number_of)


def shared_shapes(openapi: Mapping[str, Any], asyncapi: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every named shape as a JSON Schema of its own, which refers to the others by the names of their files."""
    shapes = dict(openapi["components"]["schemas"])
    for name, shape in asyncapi["components"]["schemas"].items():
        shapes.setdefault(name, shape)
    return {
        f"{name}.json": {"$schema": BASE, "$id": f"{name}.json", **_with_files(shape)}
        for name, shape in sorted(shapes.items())
    }


def _with_files(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            key: f"{value.removeprefix(_COMPONENTS)}.json"
            if key == "$ref" and isinstance(value, str)
            else _with_files(value)
            for key, value in part.items()
        }
    return [_with_files(entry) for entry in part] if isinstance(part, list) else part


def choices_in(documents: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every choice that has a name, with its values and what a client makes of one it does not know."""
    found: dict[str, dict[str, Any]] = {}
    for kind in ("openapi", "asyncapi"):
        for name, shape in documents[kind]["components"]["schemas"].items():
            _note(found, name, shape, kind)
            for field, inner in shape.get("properties", {}).items():
                _note(found, f"{name}.{field}", inner, kind)
    for name, kept in documents["offline"]["types"].items():
        if kept["kind"] == "enum":
            values = sorted(set(kept["fields"]) - {UNKNOWN})
            found[f"offline.{name}"] = {"values": values, UNKNOWN: UNKNOWN, "in": "offline"}
    return dict(sorted(found.items()))


def _note(found: dict[str, dict[str, Any]], name: str, shape: Mapping[str, Any], kind: str) -> None:
    values = shape.get("enum")
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        found[name] = {"values": sorted(values), UNKNOWN: shape.get("x-unknown", ""), "in": kind}


def kept(document: Any) -> str:
    """Return a document as a released one is committed: short, since nobody changes it."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
