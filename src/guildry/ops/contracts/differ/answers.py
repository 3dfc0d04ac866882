"""How what an operation answers differs: statuses, bodies, headers, refusals, pages of lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from guildry.ops.contracts.differ.catalogue import Finding, Level, found
from guildry.ops.contracts.differ.shapes import Pair, Side, compare, plain, resolved

Document = Mapping[str, Any]


def differences(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    """Yield every difference of what two operations answer."""
    before = {status: resolved(entry, pair.old) for status, entry in old.get("responses", {}).items()}
    after = {status: resolved(entry, pair.new) for status, entry in new.get("responses", {}).items()}
    for status, answer in before.items():
        if status not in after:
            yield _status(f"{place} → {status}", status, is_gone=True)
        else:
            yield from _answer(answer, after[status], f"{place} → {status}", pair)
    for status in after:
        if status not in before:
            yield _status(f"{place} → {status}", status, is_gone=False)
    yield from _paging(old, new, place, pair)
    if old.get("x-order") and old.get("x-order") != new.get("x-order"):
        yield found("P12", place, f"{old['x-order']} became {new.get('x-order') or 'no promise'}")


def _status(place: str, status: str, *, is_gone: bool) -> Finding:
    """Callers wait for a success; refusals they handle by their class, whichever comes."""
    said = "no longer comes" if is_gone else "is new"
    if status < "4":
        return found("P06", place, said)
    return found("A06", place, said) if is_gone else found("P06", place, said, Level.RISKY)


def _answer(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    if old.get("description") != new.get("description"):
        yield found("T01", place, "is described differently")
    yield from _bodies(old.get("content", {}), new.get("content", {}), place, pair)
    yield from _headers(old.get("headers", {}), new.get("headers", {}), place)
    yield from _problems(old, new, place)


def _bodies(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    for media_type, content in old.items():
        if media_type not in new:
            yield found("P07", place, f"{media_type} no longer comes")
        else:
            told = new[media_type].get("schema", {})
            yield from compare(content.get("schema", {}), told, Side.READ, place, pair)
    for media_type in new:
        if media_type not in old:
            yield found("P07", place, f"{media_type} comes where nothing or something else came")


def _headers(old: Document, new: Document, place: str) -> Iterator[Finding]:
    for name in old:
        if name not in new:
            yield found("P09", place, f"{name} is gone")
    for name in new:
        if name not in old:
            yield found("A04", place, f"the header {name} is new")


def _problems(old: Document, new: Document, place: str) -> Iterator[Finding]:
    before, after = set(old.get("x-problems", ())), set(new.get("x-problems", ()))
    for code in sorted(before - after):
        yield found("P08", place, f"{code} is gone")
    for code in sorted(after - before):
        yield found("A04", place, f"the refusal {code} is new")


def _paging(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    """A list that was walked with a cursor must be walked with it still."""
    if not _is_paged(old, pair.old):
        return
    if not _is_paged(new, pair.new):
        yield found("P10", place, "items, next_cursor and cursor no longer belong together")


def _is_paged(operation: Document, document: Document) -> bool:
    parameters = [resolved(entry, document) for entry in operation.get("parameters", ())]
    fields: set[str] = set()
    for status, answer in operation.get("responses", {}).items():
        for content in resolved(answer, document).get("content", {}).values():
            if status.startswith("2"):
                fields |= set(plain(content.get("schema", {}), document).shape.get("properties", ()))
    return {"items", "next_cursor"} <= fields and any(entry["name"] == "cursor" for entry in parameters)
