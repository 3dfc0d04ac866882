"""Whether the database keeps what the contract of a box promises."""

from collections.abc import Iterator, Mapping
from typing import Any

from guildry.ops.contracts.differ.catalogue import Finding, found
from guildry.ops.contracts.differ.shapes import Plain, plain

Document = Mapping[str, Any]
# Devices keep milliseconds.
FRACTION_DIGITS = 3


def differences(old: Document, new: Document, place: str) -> Iterator[Finding]:
    """Yield what the columns behind a box no longer keep of what its clients were promised."""
    promised = old.get("schema") or new["schema"]
    for pointer, column in new["columns"].items():
        shape = _shape_at(promised, pointer)
        if shape is not None:
            yield from _column(shape, column, f"{place}{pointer}", old.get("columns", {}).get(pointer, {}))
    for table, indexes in old.get("indexes", {}).items():
        for columns in indexes:
            if table in new["indexes"] and columns not in new["indexes"][table]:
                yield found("D05", f"{place} · {table}", f"the index on {columns} is gone")


def _shape_at(schema: Document, pointer: str) -> Plain | None:
    found_one = plain(schema, {})
    for step in pointer.strip("/").split("/"):
        items = found_one.shape.get("items")
        inner = plain(items, {}).shape if isinstance(items, Mapping) else found_one.shape
        if step not in inner.get("properties", {}):
            return None
        found_one = plain(inner["properties"][step], {})
    return found_one


def _column(promised: Plain, column: Document, place: str, before: Document) -> Iterator[Finding]:
    longest = promised.shape.get("maxLength")
    if longest is not None and column.get("max_length", longest) < longest:
        yield found("D01", place, f"keeps {column['max_length']} characters of {longest}")
    if column["null"] and not before.get("null", False) and before and not promised.may_be_null:
        yield found("D02", place, f"{column['source']} may be null now")
    if column.get("scale", 0) < promised.shape.get("x-scale", before.get("scale", 0)):
        yield found("D03", place, f"keeps {column.get('scale', 0)} decimals")
    if column.get("fraction_digits", FRACTION_DIGITS) < FRACTION_DIGITS:
        yield found("D04", place, f"keeps {column['fraction_digits']} digits of a second")
