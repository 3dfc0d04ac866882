"""How what devices keep differs: boxes, types with their numbers, and what the database promises for them."""

from collections.abc import Iterator, Mapping
from typing import Any

from guildry.ops.contracts.differ import columns
from guildry.ops.contracts.differ.catalogue import Finding, found
from guildry.ops.contracts.differ.shapes import plain

Document = Mapping[str, Any]
WIDEST = 2**53 - 1
PLAIN_KINDS = frozenset({"text", "number", "truth", "moment", "float"})
_NUMBERS = frozenset({"number", "float"})


def differences(old: Document, new: Document) -> Iterator[Finding]:
    """Yield every difference of what devices keep."""
    yield from _boxes(old, new)
    yield from _types(old, new)
    yield from _counters(old, new)
    yield from _unregistered(new)
    for name, box in new["boxes"].items():
        yield from columns.differences(old["boxes"].get(name, {}), box, name)


def _boxes(old: Document, new: Document) -> Iterator[Finding]:
    before, after = old["boxes"], new["boxes"]
    for name, box in before.items():
        if name not in after:
            yield found("H10", name, "the box is gone")
        else:
            yield from _box(box, after[name], name)
    for name in after:
        if name not in before:
            yield found("A01", name, "the box is new")


def _box(old: Document, new: Document, place: str) -> Iterator[Finding]:
    if old["key"] != new["key"]:
        yield found("H09", place, f"{old['key']} became {new['key']}")
    if old["lasts_seconds"] != new["lasts_seconds"] or old["envelope"] != new["envelope"]:
        yield found("H14", place, f"{old['lasts_seconds']} s became {new['lasts_seconds']} s")
    if old.get("version") != new.get("version"):
        yield found("H14", place, f"versions are told by {new.get('version') or 'nothing'}")
    for source, is_allowed in new["sources"].items():
        if not is_allowed:
            yield found("H12", f"{place} · {source}", "its class stays on the server")
    yield from _numbers(old["schema"], new["schema"], place)


def _numbers(old: Document, new: Document, place: str) -> Iterator[Finding]:
    """Numbers of a stored row stay within what a float keeps exactly."""
    before = plain(old, {}).shape.get("properties", {})
    for name, shape in plain(new, {}).shape.get("properties", {}).items():
        at, after = f"{place}.{name}", plain(shape, {})
        if "integer" in after.kinds and not _is_kept_exactly(after.shape):
            yield found("H08", at, "has no limit that a float keeps exactly")
        was = plain(before.get(name, {}), {})
        inner, wanted = was.shape.get("items"), after.shape.get("items")
        yield from _numbers(was.shape, after.shape, at)
        if isinstance(inner, Mapping) and isinstance(wanted, Mapping):
            yield from _numbers(inner, wanted, f"{at}[]")


def _is_kept_exactly(shape: Document) -> bool:
    most, least = shape.get("maximum"), shape.get("minimum")
    return most is not None and least is not None and most <= WIDEST and least >= -WIDEST


def _types(old: Document, new: Document) -> Iterator[Finding]:
    before, after = old["types"], new["types"]
    holders = {kind["type_id"]: name for name, kind in before.items()}
    for name, kind in after.items():
        if name in before:
            yield from _type(before[name], kind, name)
        elif kind["type_id"] < old["next_type_id"]:
            renamed = holders.get(kind["type_id"])
            if renamed is None or renamed in after:
                yield found("H01", name, f"takes the id {kind['type_id']}, which was given before")
            else:
                yield from _type(before[renamed], kind, name)
        else:
            yield found("A07", name, "the type is new")
            yield from _choice(kind, name)
    for name, kind in before.items():
        if name not in after and kind["type_id"] not in {held["type_id"] for held in after.values()}:
            yield found("A07", name, "the type is retired")


def _type(old: Document, new: Document, place: str) -> Iterator[Finding]:
    if old["type_id"] != new["type_id"]:
        yield found("H01", place, f"id {old['type_id']} became {new['type_id']}")
    if old["kind"] != new["kind"]:
        yield found("H11", place, f"{old['kind']} became {new['kind']}")
        return
    if new["next_index"] < old["next_index"]:
        yield found("H13", place, f"next_index went down from {old['next_index']} to {new['next_index']}")
    yield from _choice(new, place)
    yield from _fields(old, new, place)


def _choice(kind: Document, place: str) -> Iterator[Finding]:
    if kind["kind"] != "enum":
        return
    first = min(kind["fields"].items(), key=lambda entry: entry[1]["index"], default=("", {}))[0]
    if first != "unknown":
        yield found("H07", place, f"falls back to {first or 'nothing'} instead of unknown")


def _fields(old: Document, new: Document, place: str) -> Iterator[Finding]:
    before, after = old["fields"], new["fields"]
    holders = {field["index"]: name for name, field in before.items()}
    for name, field in after.items():
        at = f"{place}.{name}"
        if name in before:
            yield from _field(before[name], field, at)
        elif field["index"] < old["next_index"]:
            renamed = holders.get(field["index"])
            if renamed is None or renamed in after:
                yield found("H02", at, f"takes the index {field['index']}, which was given before")
            else:
                yield from _field(before[renamed], field, at)
        else:
            yield _added(field, new["kind"], at)
    for name in before:
        if name not in after and before[name]["index"] not in {f["index"] for f in after.values()}:
            yield found("A07", f"{place}.{name}", "is retired")


def _added(field: Document, kind: str, at: str) -> Finding:
    is_certain = kind == "class" and not field.get("optional") and "default" not in field
    return found("H05" if is_certain else "A07", at, "is new")


def _field(old: Document, new: Document, place: str) -> Iterator[Finding]:
    if old["index"] != new["index"]:
        yield found("H02", place, f"index {old['index']} became {new['index']}")
    before, after = old.get("type"), new.get("type")
    if before != after:
        is_number = {before, after} <= _NUMBERS
        yield found("H04" if is_number else "H03", place, f"{before} became {after}")
    if old.get("optional") and not new.get("optional"):
        yield found("H05", place, "boxes that are there may lack it")


def _counters(old: Document, new: Document) -> Iterator[Finding]:
    if new["next_type_id"] < old["next_type_id"]:
        yield found("H13", "next_type_id", f"went down from {old['next_type_id']} to {new['next_type_id']}")


def _unregistered(new: Document) -> Iterator[Finding]:
    for name, kind in new["types"].items():
        for field, held in kind["fields"].items():
            inner = str(held.get("type", "text")).removeprefix("list<").removesuffix(">")
            if inner not in PLAIN_KINDS and inner not in new["types"]:
                yield found("H06", f"{name}.{field}", f"{inner} has no number in the lock file")
