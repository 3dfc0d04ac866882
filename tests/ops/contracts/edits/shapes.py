"""Edits of one value's shape, made in bodies that are sent and in answers that are read, near and deep."""

from typing import Any

from tests.ops.contracts.edits.edit import DOC, REQUEST, RESPONSE, RISKY, SAFE, Change, Edit, Label, Set

TEXT = {"type": "string"}
NULL = {"type": "null"}
WIDEST = 2**53 - 1


def _object(names: str, required: str = "", **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict.fromkeys(names.split(), TEXT),
        "required": required.split(),
        **more,
    }


IN, OUT = REQUEST, RESPONSE
TIGHTER = (("R07", IN), ("A06", SAFE), ("A03", SAFE), ("P13", RISKY))
NARROWER = (("R06", IN), ("A06", SAFE), ("A03", SAFE), ("P05", OUT))
OTHER_KIND = (("R05", IN), ("P03", OUT), ("R05", IN), ("P03", OUT))
# What it is, before, after; then sent and read forward, sent and read back.
CHANGES: tuple[tuple[str, Any, Any, tuple[Label, Label, Label, Label]], ...] = (
    ("text becomes a number", TEXT, {"type": "integer"}, OTHER_KIND),
    ("text becomes a truth", TEXT, {"type": "boolean"}, OTHER_KIND),
    ("text becomes a list", TEXT, {"type": "array", "items": TEXT}, OTHER_KIND),
    ("an object becomes text", _object("a"), TEXT, OTHER_KIND),
    ("whole becomes float", {"type": "integer"}, {"type": "number"}, (("A03", SAFE), ("P03", OUT), ("R05", IN), ("A06", SAFE))),
    ("a shorter text", {**TEXT, "maxLength": 100}, {**TEXT, "maxLength": 50}, TIGHTER),
    ("a longest text", TEXT, {**TEXT, "maxLength": 50}, TIGHTER),
    ("a shortest text", TEXT, {**TEXT, "minLength": 3}, TIGHTER),
    ("a pattern", TEXT, {**TEXT, "pattern": "^[a-z]+$"}, TIGHTER),
    ("a lower maximum", {"type": "number", "maximum": 100}, {"type": "number", "maximum": 10}, TIGHTER),
    ("a higher minimum", {"type": "number", "minimum": 1}, {"type": "number", "minimum": 5}, TIGHTER),
    ("an exclusive maximum", {"type": "number"}, {"type": "number", "exclusiveMaximum": 5}, TIGHTER),
    ("an exclusive minimum", {"type": "number"}, {"type": "number", "exclusiveMinimum": 5}, TIGHTER),
    ("fewer items", {"type": "array", "items": TEXT, "maxItems": 9}, {"type": "array", "items": TEXT, "maxItems": 3}, TIGHTER),
    ("at least one item", {"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "minItems": 1}, TIGHTER),
    ("different items", {"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "uniqueItems": True}, TIGHTER),
    ("steps", {"type": "number"}, {"type": "number", "multipleOf": 5}, TIGHTER),
    ("a choice loses a value", {"enum": ["a", "b", "c"], "type": "string"}, {"enum": ["a", "b"], "type": "string"}, NARROWER),
    ("text becomes a choice", TEXT, {"enum": ["a", "b"], "type": "string"}, NARROWER),
    ("a constant changes", {"const": "a", "type": "string"}, {"const": "b", "type": "string"}, (("R06", IN), ("P05", OUT), ("R06", IN), ("P05", OUT))),
    ("an agreed choice grows", {"enum": ["a"], "type": "string", "x-unknown": "unknown"}, {"enum": ["a", "b"], "type": "string", "x-unknown": "unknown"}, (("A03", SAFE), ("A05", SAFE), ("R06", IN), ("A06", SAFE))),
    ("an agreement ends", {"enum": ["a"], "type": "string", "x-unknown": "unknown"}, {"enum": ["a"], "type": "string"}, (("", SAFE), ("P05", RISKY), ("", SAFE), ("", SAFE))),
    ("null is gone", {"anyOf": [TEXT, NULL]}, TEXT, (("R13", IN), ("A06", SAFE), ("A03", SAFE), ("P04", OUT))),
    ("null in a list of types", {"type": ["string", "null"]}, TEXT, (("R13", IN), ("A06", SAFE), ("A03", SAFE), ("P04", OUT))),
    ("a format is gone", {**TEXT, "format": "date-time"}, TEXT, (("A03", SAFE), ("P03", OUT), ("R07", IN), ("A06", SAFE))),
    ("another format", {**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}, (("R07", IN), ("P03", OUT), ("R07", IN), ("P03", OUT))),
    ("beyond a float", {"type": "integer", "maximum": WIDEST}, {"type": "integer"}, (("A03", SAFE), ("P11", OUT), ("R07", IN), ("A06", SAFE))),
    ("items of another kind", {"type": "array", "items": TEXT}, {"type": "array", "items": {"type": "integer"}}, OTHER_KIND),
    ("another default", {"type": "integer", "default": 10}, {"type": "integer", "default": 20}, (("R12", RISKY), ("T01", DOC), ("R12", RISKY), ("T01", DOC))),
    ("another description", {**TEXT, "description": "One"}, {**TEXT, "description": "Two"}, (("T01", DOC),) * 4),
    ("another title", {**TEXT, "title": "One"}, {**TEXT, "title": "Two"}, (("T01", DOC),) * 4),
    ("one kind less", {"anyOf": [TEXT, {"type": "integer"}]}, {"anyOf": [TEXT]}, (("R05", IN), ("A06", SAFE), ("A03", SAFE), ("P03", OUT))),
    ("values of another kind", {"type": "object", "additionalProperties": TEXT}, {"type": "object", "additionalProperties": {"type": "integer"}}, OTHER_KIND),
    ("a field goes", _object("a b", "a"), _object("a", "a"), (("R16", RISKY), ("P01", OUT), ("A02", SAFE), ("A04", SAFE))),
    ("a field of a closed body goes", _object("a b", "a", additionalProperties=False), _object("a", "a", additionalProperties=False), (("R16", IN), ("P01", OUT), ("A02", SAFE), ("A04", SAFE))),
    ("a field is renamed", _object("a old", "a"), _object("a new", "a"), (("R16", RISKY), ("P01", OUT), ("R16", RISKY), ("P01", OUT))),
    ("a field may be missing", _object("a b", "a b"), _object("a b", "a"), (("A03", SAFE), ("P02", OUT), ("R04", IN), ("A06", SAFE))),
    ("a required field comes", _object("a", "a"), _object("a b", "a b"), (("R03", IN), ("A04", SAFE), ("R16", RISKY), ("P01", OUT))),
    ("a body is closed", _object("a"), _object("a", additionalProperties=False), (("R11", IN), ("", SAFE), ("", SAFE), ("", SAFE))),
)  # fmt: skip


def edits(base: Set) -> list[Edit]:
    """Make every change in a body and an answer near, and every second one deep in each."""
    sending, reading = _sending(base), _reading(base)
    found = []
    for number, (name, before, after, labels) in enumerate(CHANGES):
        sent, read, sent_back, read_back = labels
        for is_deep in (False, True):
            where = "deep in" if is_deep else "in"
            operation = sending[number % len(sending)]
            found.append(
                Edit(
                    f"{name} {where} the body of {operation}",
                    _put(_body_of, operation, after, is_deep),
                    sent,
                    sent_back,
                    _put(_body_of, operation, before, is_deep),
                )
            )
            operation = reading[number % len(reading)]
            found.append(
                Edit(
                    f"{name} {where} the answer of {operation}",
                    _put(_answer_of, operation, after, is_deep),
                    read,
                    read_back,
                    _put(_answer_of, operation, before, is_deep),
                )
            )
    return found


def operation_of(contracts: Set, name: str) -> dict[str, Any]:
    for methods in contracts["openapi"]["paths"].values():
        for described in methods.values():
            if described["operationId"] == name:
                found: dict[str, Any] = described
                return found
    raise LookupError(name)


def _names(base: Set, holds: Any) -> list[str]:
    return sorted(
        described["operationId"]
        for methods in base["openapi"]["paths"].values()
        for described in methods.values()
        if holds(described)
    )


def _sending(base: Set) -> list[str]:
    return _names(
        base, lambda described: "application/json" in described.get("requestBody", {}).get("content", {})
    )


def _reading(base: Set) -> list[str]:
    return _names(
        base, lambda described: "application/json" in described["responses"].get("200", {}).get("content", {})
    )


def _body_of(contracts: Set, name: str) -> dict[str, Any]:
    content: dict[str, Any] = operation_of(contracts, name)["requestBody"]["content"]["application/json"]
    return content


def _answer_of(contracts: Set, name: str) -> dict[str, Any]:
    content: dict[str, Any] = operation_of(contracts, name)["responses"]["200"]["content"]["application/json"]
    return content


def _put(holder: Any, operation: str, shape: Any, is_deep: bool) -> Change:
    """Give the body a field `probe` of a shape: itself, or below a list of a shape with a name."""

    def change(contracts: Set) -> None:
        content = holder(contracts, operation)
        held: Any = shape
        if is_deep:
            contracts["openapi"]["components"]["schemas"]["Probe"] = {
                "type": "object",
                "properties": {"inner": shape},
                "required": ["inner"],
            }
            held = {"type": "array", "items": {"$ref": "#/components/schemas/Probe"}}
        whole = content.setdefault("x-whole", content["schema"])
        content["schema"] = {
            "allOf": [whole, {"type": "object", "properties": {"probe": held}, "required": ["probe"]}]
        }

    return change
