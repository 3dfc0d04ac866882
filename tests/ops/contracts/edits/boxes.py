"""Edits of what devices keep, of its numbers, and of the columns behind it."""

from collections.abc import Callable
from typing import Any

from tests.ops.contracts.edits.edit import RESPONSE, RISKY, SAFE, Edit, Set

Document = dict[str, Any]
Touch = Callable[[Document], Any]
OUT = RESPONSE
CHOICE, CLASS = "Availability", "Profile"


def edits(base: Set) -> list[Edit]:
    return [
        Edit(
            name,
            lambda contracts, touch=touch: touch(contracts["offline"]),  # type: ignore[misc]
            forward,
            back,
            lambda contracts, prepare=prepare: prepare(contracts["offline"]),  # type: ignore[misc]
        )
        for name, touch, forward, back, prepare in (_filled(entry) for entry in TOUCHES)
    ]


def _filled(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    return entry if len(entry) == 5 else (*entry, lambda offline: None)


def _type(offline: Document, name: str = CLASS) -> Document:
    found: Document = offline["types"][name]
    return found


def _field(offline: Document, name: str = "headline") -> Document:
    found: Document = _type(offline)["fields"][name]
    return found


def _box(offline: Document) -> Document:
    found: Document = next(box for _, box in sorted(offline["boxes"].items()) if box["record"] == CLASS)
    return found


def _add_field(offline: Document, **held: Any) -> None:
    kind = _type(offline)
    kind["fields"]["fresh"] = {"index": kind["next_index"], **held}
    kind["next_index"] += 1


def _add_type(offline: Document, kind: str = "class", fields: Any = None) -> None:
    number = offline["next_type_id"]
    offline["types"]["Fresh"] = {"type_id": number, "next_index": 2, "kind": kind, "fields": fields or {}}
    offline["next_type_id"] = number + 1


def _retire_type(offline: Document) -> None:
    del offline["types"]["LanguageLevel"]
    for kind in offline["types"].values():
        for name in [n for n, held in kind["fields"].items() if "LanguageLevel" in str(held.get("type"))]:
            del kind["fields"][name]


def _swap_ids(offline: Document) -> None:
    one, other = _type(offline), _type(offline, CHOICE)
    one["type_id"], other["type_id"] = other["type_id"], one["type_id"]


def _take_id(offline: Document) -> None:
    offline["types"]["Other"] = offline["types"].pop(CLASS)
    offline["types"][CLASS] = {**offline["types"]["Other"], "type_id": offline["next_type_id"]}
    offline["next_type_id"] += 1


def _rename_type(offline: Document) -> None:
    offline["types"]["Persona"] = offline["types"].pop(CLASS)


def _swap_indexes(offline: Document) -> None:
    one, other = _field(offline), _field(offline, "name")
    one["index"], other["index"] = other["index"], one["index"]


def _rename_field(offline: Document) -> None:
    fields = _type(offline)["fields"]
    fields["motto"] = fields.pop("headline")


def _take_index(offline: Document) -> None:
    fields = _type(offline)["fields"]
    fields["motto"] = {"index": fields["headline"]["index"], "type": "text", "optional": True}


def _retire_field(offline: Document) -> None:
    del _type(offline)["fields"]["headline"]


def _reuse_retired(offline: Document) -> None:
    _type(offline)["fields"]["motto"] = {"index": _type(offline)["retired"], "type": "text", "optional": True}


def _with_retired(offline: Document) -> None:
    _type(offline)["retired"] = _type(offline)["fields"].pop("headline")["index"]


def _fallback(offline: Document) -> None:
    fields = _type(offline, CHOICE)["fields"]
    fields["open"]["index"], fields["unknown"]["index"] = 0, 1


def _more_choice(offline: Document) -> None:
    kind = _type(offline, CHOICE)
    kind["fields"]["later"] = {"index": kind["next_index"]}
    kind["next_index"] += 1


def _drop_box(offline: Document) -> None:
    name = next(name for name, box in sorted(offline["boxes"].items()) if box["record"] == CLASS)
    del offline["boxes"][name]


def _rename_box(offline: Document) -> None:
    name = next(name for name, box in sorted(offline["boxes"].items()) if box["record"] == CLASS)
    offline["boxes"]["personas"] = offline["boxes"].pop(name)


def _number(offline: Document, **limits: int) -> None:
    _box(offline)["schema"]["properties"]["size"] = {"type": "integer", **limits}


def _column(offline: Document, **held: Any) -> None:
    box = _box(offline)
    box["schema"]["properties"]["sample"] = {"type": "string", "maxLength": 80, "x-scale": 2}
    box["columns"]["/sample"] = {
        "source": "profiles.Profile.sample", "null": False, "max_length": 80, "scale": 2, "fraction_digits": 6, **held,
    }  # fmt: skip


def _change_column(**held: Any) -> Touch:
    return lambda offline: _box(offline)["columns"]["/sample"].update(held)


def _forbid(offline: Document) -> None:
    sources = _box(offline)["sources"]
    sources[sorted(sources)[0]] = False


def _drop_index(offline: Document) -> None:
    indexes = _box(offline)["indexes"]
    table = next(table for table in sorted(indexes) if indexes[table])
    indexes[table] = indexes[table][1:]


def _kept(offline: Document) -> None:
    """A number that a float keeps exactly."""
    _number(offline, minimum=0, maximum=2**53 - 1)


def _whole(offline: Document) -> None:
    _field(offline)["type"] = "number"


TOUCHES: tuple[tuple[Any, ...], ...] = (
    ("two ids are swapped", _swap_ids, ("H01", OUT), ("H01", OUT)),
    ("an id is taken over", _take_id, ("H01", OUT), ("H01", OUT)),
    ("an id changes", lambda o: _type(o).update(type_id=200), ("H01", OUT), ("H01", OUT)),
    ("a type is renamed", _rename_type, ("", SAFE), ("", SAFE)),
    ("two indexes are swapped", _swap_indexes, ("H02", OUT), ("H02", OUT)),
    ("an index changes", lambda o: _field(o).update(index=99), ("H02", OUT), ("H02", OUT)),
    ("an index is shared", _take_index, ("H02", OUT), ("", SAFE)),
    ("a retired index comes back", _reuse_retired, ("H02", OUT), ("A07", SAFE), _with_retired),
    ("a field is renamed", _rename_field, ("", SAFE), ("", SAFE)),
    ("a field is retired", _retire_field, ("A07", SAFE), ("H02", OUT)),
    ("text becomes truth", lambda o: _field(o).update(type="truth"), ("H03", OUT), ("H03", OUT)),
    ("text becomes a list", lambda o: _field(o).update(type="list<text>"), ("H03", OUT), ("H03", OUT)),
    ("text becomes a moment", lambda o: _field(o).update(type="moment"), ("H03", OUT), ("H03", OUT)),
    ("whole becomes float", lambda o: _field(o).update(type="float"), ("H04", OUT), ("H04", OUT), _whole),
    ("a certain field comes", lambda o: _add_field(o, type="text", optional=False), ("H05", OUT), ("H13", OUT)),
    ("an optional field comes", lambda o: _add_field(o, type="text", optional=True), ("A07", SAFE), ("H13", OUT)),
    ("a field with a default comes", lambda o: _add_field(o, type="text", default=""), ("A07", SAFE), ("H13", OUT)),
    ("an optional field becomes certain", lambda o: _field(o).update(optional=False), ("H05", OUT), ("", SAFE),
     lambda o: _field(o).update(optional=True)),
    ("a type without a number", lambda o: _add_field(o, type="Nowhere", optional=True), ("H06", OUT), ("H13", OUT)),
    ("a list of a type without a number", lambda o: _add_field(o, type="list<Nowhere>", optional=True), ("H06", OUT), ("H13", OUT)),
    ("a choice without unknown", lambda o: _type(o, CHOICE)["fields"].pop("unknown"), ("H07", OUT), ("H02", OUT)),
    ("a choice falls back to another value", _fallback, ("H07", OUT), ("H02", OUT)),
    ("a new choice without unknown", lambda o: _add_type(o, "enum", {"open": {"index": 0}}), ("H07", OUT), ("H13", OUT)),
    ("a choice grows", _more_choice, ("A07", SAFE), ("H13", OUT)),
    ("a type comes", _add_type, ("A07", SAFE), ("H13", OUT)),
    ("a type is retired", _retire_type, ("A07", SAFE), ("H01", OUT)),
    ("a number without limit", _number, ("H08", OUT), ("", SAFE), _kept),
    ("a number without a lower limit", lambda o: _number(o, maximum=2**53 - 1), ("H08", OUT), ("", SAFE), _kept),
    ("a number up to 2^63", lambda o: _number(o, minimum=0, maximum=2**63 - 1), ("H08", OUT), ("", SAFE), _kept),
    ("another key", lambda o: _box(o).update(key={"field": "handle", "format": "text"}), ("H09", OUT), ("H09", OUT)),
    ("numbers as keys", lambda o: _box(o).update(key={"field": "id", "format": "number"}), ("H09", OUT), ("H09", OUT)),
    ("a box goes", _drop_box, ("H10", OUT), ("A01", SAFE)),
    ("a box is renamed", _rename_box, ("H10", OUT), ("H10", OUT)),
    ("a choice becomes a class", lambda o: _type(o, CHOICE).update(kind="class"), ("H11", OUT), ("H11", OUT)),
    ("a class becomes a choice", lambda o: _type(o).update(kind="enum"), ("H11", OUT), ("H11", OUT)),
    ("a field may not be kept any more", _forbid, ("H12", OUT), ("", SAFE)),
    ("a counter goes down", lambda o: _type(o).update(next_index=1), ("H13", OUT), ("", SAFE)),
    ("the counter of types goes down", lambda o: o.update(next_type_id=1), ("H13", OUT), ("", SAFE)),
    ("another age", lambda o: _box(o).update(lasts_seconds=60), ("H14", RISKY), ("H14", RISKY)),
    ("another envelope", lambda o: _box(o).update(envelope=["storedAt"]), ("H14", RISKY), ("H14", RISKY)),
    ("another field tells versions", lambda o: _box(o).update(version="revision"), ("H14", RISKY), ("H14", RISKY)),
    ("a shorter column", _change_column(max_length=40), ("D01", OUT), ("", SAFE), _column),
    ("a longer column", _change_column(max_length=200), ("", SAFE), ("", SAFE), _column),
    ("a column that may be null", _change_column(null=True), ("D02", OUT), ("", SAFE), _column),
    ("fewer decimals", _change_column(scale=0), ("D03", OUT), ("", SAFE), _column),
    ("whole seconds", _change_column(fraction_digits=0), ("D04", OUT), ("", SAFE), _column),
    ("an index goes", _drop_index, ("D05", RISKY), ("", SAFE)),
)  # fmt: skip
