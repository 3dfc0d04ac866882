"""How one OpenAPI document differs from another: operations, what they take, who may call them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from guildry.ops.contracts.differ import answers
from guildry.ops.contracts.differ.catalogue import Finding, Level, found
from guildry.ops.contracts.differ.shapes import Pair, Side, compare, resolved

Key = tuple[str, str]
Document = Mapping[str, Any]


def differences(old: Document, new: Document) -> Iterator[Finding]:
    """Yield every difference of two OpenAPI documents."""
    pair = Pair(old, new)
    before, after = dict(_operations(old)), dict(_operations(new))
    yield from _servers(old, new)
    moved = {described["operationId"]: key for key, (_, described) in after.items()}
    for key, (path, described) in before.items():
        place = f"{key[0]} {path}"
        if key in after:
            if not pair.is_same(described, after[key][1]):
                yield from _operation(described, after[key][1], place, pair)
            if path != after[key][0]:
                yield found("T02", place, f"is written {after[key][0]}")
        elif (there := moved.get(described["operationId"])) and there not in before:
            yield found("R02", place, f"{described['operationId']} is at {there[0]} {after[there][0]} now")
        else:
            yield found("R01", place, f"{described['operationId']} is gone")
    known = {described["operationId"] for _, described in before.values()}
    for key, (path, described) in after.items():
        if key not in before and described["operationId"] not in known:
            yield found("A01", f"{key[0]} {path}", f"{described['operationId']} is new")


def _operations(document: Document) -> Iterator[tuple[Key, tuple[str, Any]]]:
    """Yield operations by method and path, whatever the parts of the path are called."""
    for path, methods in document.get("paths", {}).items():
        for method, described in methods.items():
            yield (method.upper(), re.sub(r"\{\w+\}", "{}", path)), (path, described)


def _servers(old: Document, new: Document) -> Iterator[Finding]:
    before = [server["url"] for server in old.get("servers", ())]
    after = [server["url"] for server in new.get("servers", ())]
    for url in before:
        if url not in after:
            yield found("R14", "servers", f"{url} became {', '.join(after) or 'nothing'}")


def _operation(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    if old.get("operationId") != new.get("operationId"):
        yield found("R17", place, f"{old.get('operationId')} became {new.get('operationId')}")
    if (old.get("summary"), old.get("description")) != (new.get("summary"), new.get("description")):
        yield found("T01", place, "is described differently")
    yield from _security(old, new, place)
    yield from _parameters(old, new, place, pair)
    yield from _body(old.get("requestBody"), new.get("requestBody"), place, pair)
    yield from rates(old, new, place)
    yield from answers.differences(old, new, place, pair)


def _security(old: Document, new: Document, place: str) -> Iterator[Finding]:
    """Each way to be known that opened an operation must still open it."""
    ways = new.get("security", ())
    for way in old.get("security", ()):
        if not any(_suffices(way, wanted) for wanted in ways):
            yield found("R09", place, f"{_way(way)} no longer opens it; {' or '.join(map(_way, ways))} does")
    opened = [way for way in ways if not any(_suffices(way, held) for held in old.get("security", ()))]
    if opened:
        yield found("A03", place, f"{' and '.join(map(_way, opened))} opens it too")


def _suffices(held: Mapping[str, list[str]], wanted: Mapping[str, list[str]]) -> bool:
    return all(
        scheme in held and all(_reaches(held[scheme], scope) for scope in scopes)
        for scheme, scopes in wanted.items()
    )


def _reaches(held: list[str], scope: str) -> bool:
    """Writing includes reading."""
    return scope in held or scope.replace(".read", ".write") in held


def _way(way: Mapping[str, list[str]]) -> str:
    return (
        " with ".join(f"{scheme} {' '.join(scopes)}".strip() for scheme, scopes in way.items())
        or "nobody's name"
    )


def _parameters(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    before, after = _named(old, pair.old), _named(new, pair.new)
    for key, parameter in before.items():
        at = f"{place} · {parameter['name']} in {parameter['in']}"
        if key not in after:
            yield found("R16", at, "is gone", Level.RISKY)
            continue
        yield from _requirement(at, parameter, after[key])
        yield from compare(parameter.get("schema", {}), after[key].get("schema", {}), Side.SENT, at, pair)
    for key, parameter in after.items():
        if key not in before:
            is_needed = parameter.get("required", False)
            at = f"{place} · {parameter['name']} in {parameter['in']}"
            yield found("R03" if is_needed else "A02", at, "is new")


def _named(operation: Document, document: Document) -> dict[Key, Any]:
    """Return parameters by where they stand; those of the path by their place in it, since names do not travel."""
    found_ones: dict[Key, Any] = {}
    for place, entry in enumerate(operation.get("parameters", ())):
        parameter = resolved(entry, document)
        name = str(place) if parameter["in"] == "path" else parameter["name"]
        found_ones[parameter["in"], name] = parameter
    return found_ones


def _requirement(at: str, old: Document, new: Document) -> Iterator[Finding]:
    before, after = old.get("required", False), new.get("required", False)
    if before != after:
        yield found("R04" if after else "A03", at, "is required now" if after else "may be left out")
    if old.get("description") != new.get("description"):
        yield found("T01", at, "is described differently")


def _body(old: Document | None, new: Document | None, place: str, pair: Pair) -> Iterator[Finding]:
    at = f"{place} · body"
    if new is None:
        if old is not None:
            yield found("R16", at, "is gone", Level.RISKY)
        return
    is_needed = new.get("required", False)
    if old is None:
        yield found("R10" if is_needed else "A02", at, "is new")
        return
    if is_needed != old.get("required", False):
        yield found("R10" if is_needed else "A03", at, "is required now" if is_needed else "may be left out")
    yield from _media(old["content"], new["content"], at, pair)


def _media(old: Document, new: Document, at: str, pair: Pair) -> Iterator[Finding]:
    for media_type, content in old.items():
        if media_type not in new:
            yield found("R08", at, f"{media_type} is no longer read")
        else:
            wanted = new[media_type].get("schema", {})
            yield from compare(content.get("schema", {}), wanted, Side.SENT, at, pair)
    for media_type in new:
        if media_type not in old:
            yield found("A03", at, f"{media_type} is read too")


def rates(old: Document, new: Document, place: str) -> Iterator[Finding]:
    """Compare allowances; a higher cost of one call is a lower allowance."""
    before, after = old.get("x-rate", {}), new.get("x-rate", {})
    for word in ("burst", "per_minute"):
        if word in before and before[word] > after.get(word, 0):
            yield found("R15", place, f"{word} went down from {before[word]} to {after.get(word, 0)}")
    if after.get("cost", 1) > before.get("cost", 1):
        yield found("R15", place, f"one call costs {after['cost']} instead of {before.get('cost', 1)}")
