"""How one AsyncAPI document differs from another: namespaces, events in both directions, what is promised of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from guildry.ops.contracts.differ import rest
from guildry.ops.contracts.differ.catalogue import Finding, Level, found
from guildry.ops.contracts.differ.shapes import Pair, Side, compare, resolved

Document = Mapping[str, Any]
Key = tuple[str, str]


def differences(old: Document, new: Document) -> Iterator[Finding]:
    """Yield every difference of two AsyncAPI documents."""
    pair = Pair(old, new)
    yield from _entry(old, new)
    yield from _channels(old, new)
    before, after = dict(_events(old)), dict(_events(new))
    for key, event in before.items():
        place = " ".join(key)
        if key not in after:
            yield found("S01", place, "is gone")
        elif not pair.is_same(event, after[key]):
            yield from _event(event, after[key], place, pair)
    for key in after:
        if key not in before:
            yield found("A01", " ".join(key), "is new")


def _events(document: Document) -> Iterator[tuple[Key, Document]]:
    for operation in document.get("operations", {}).values():
        address = resolved(operation["channel"], document)["address"]
        yield (address, _message(operation["messages"][0], document)["name"]), operation


def _message(reference: Document, document: Document) -> Document:
    return resolved(reference, document)


def _entry(old: Document, new: Document) -> Iterator[Finding]:
    before = {str(way["$ref"]) for server in old["servers"].values() for way in server.get("security", ())}
    after = {str(way["$ref"]) for server in new["servers"].values() for way in server.get("security", ())}
    for way in sorted(before - after):
        yield found("S05", "servers", f"{way.rpartition('/')[2]} no longer opens a namespace")
    if not before and after:
        yield found("S05", "servers", "one has to be known now")
    paths = [
        {server.get("pathname", "/") for server in document["servers"].values()} for document in (old, new)
    ]
    if not paths[0] <= paths[1]:
        yield found("R14", "servers", f"{', '.join(sorted(paths[0]))} became {', '.join(sorted(paths[1]))}")


def _channels(old: Document, new: Document) -> Iterator[Finding]:
    before, after = _by_address(old), _by_address(new)
    for address, channel in before.items():
        if address not in after:
            yield found("S01", address, "the namespace is gone")
            continue
        yield from _admission(channel, after[address], address)
        yield from _promises(channel, after[address], address)
        if channel.get("description") != after[address].get("description"):
            yield found("T01", address, "is described differently")
    for address in after:
        if address not in before:
            yield found("A01", address, "the namespace is new")


def _by_address(document: Document) -> dict[str, Document]:
    return {channel["address"]: channel for channel in document.get("channels", {}).values()}


def _admission(old: Document, new: Document, place: str) -> Iterator[Finding]:
    if new.get("x-permission") != old.get("x-permission"):
        is_opened = not new.get("x-permission")
        said = f"permission {old.get('x-permission') or 'none'} became {new.get('x-permission') or 'none'}"
        yield found("A03" if is_opened else "S05", place, said)
    for way, scope in old.get("x-scopes", {}).items():
        wanted = new.get("x-scopes", {}).get(way)
        if wanted != scope:
            is_lower = wanted is not None and scope.replace(".write", ".read") == wanted
            yield found("A03" if is_lower else "S05", place, f"to {way} takes {wanted} instead of {scope}")
    if old.get("x-rooms") != new.get("x-rooms"):
        yield found("S05", place, "other rooms are joined", Level.RISKY)


def _promises(old: Document, new: Document, place: str) -> Iterator[Finding]:
    before, after = old.get("x-delivery", {}), new.get("x-delivery", {})
    for promise, is_kept in before.items():
        if is_kept and not after.get(promise):
            yield found("S06", place, f"{promise.replace('_', ' ')} is no longer promised")


def _event(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    if old["action"] != new["action"]:
        yield found("S02", place, f"{_said(old)} became {_said(new)}")
        return
    side = Side.SENT if old["action"] == "receive" else Side.READ
    before, after = _message(old["messages"][0], pair.old), _message(new["messages"][0], pair.new)
    if before.get("summary") != after.get("summary"):
        yield found("T01", place, "is described differently")
    yield from _payload(before, after, side, place, pair)
    if new.get("x-permission") and new.get("x-permission") != old.get("x-permission"):
        yield found("S05", place, f"takes the permission {new['x-permission']}")
    yield from rest.rates(old, new, place)
    yield from _reply(old.get("reply"), new.get("reply"), place, pair)


def _said(operation: Document) -> str:
    return "what clients send" if operation["action"] == "receive" else "what clients hear"


def _payload(old: Document, new: Document, side: Side, place: str, pair: Pair) -> Iterator[Finding]:
    """Name what breaks by the rule of sockets too: a goodbye is told apart from other shapes."""
    for finding in compare(old.get("payload", {}), new.get("payload", {}), side, place, pair):
        yield finding
        if finding.level.is_breaking:
            is_goodbye = place.endswith(" bye")
            yield found("S07" if is_goodbye else "S03", finding.place, finding.said, finding.level)
    if place.endswith(" bye"):
        yield from _goodbyes(old, new, place, pair)


def _goodbyes(old: Document, new: Document, place: str, pair: Pair) -> Iterator[Finding]:
    before, after = _reasons(old, pair.old), _reasons(new, pair.new)
    for reason in sorted(before - after) if after else ():
        yield found("S07", place, f"{reason} is no longer said")


def _reasons(message: Document, document: Document) -> set[str]:
    shape = resolved(message.get("payload", {}), document)
    return set(shape.get("properties", {}).get("reason", {}).get("enum", ()))


def _reply(old: Document | None, new: Document | None, place: str, pair: Pair) -> Iterator[Finding]:
    if old is None or new is None:
        if old is not None:
            yield found("S04", place, "is no longer acknowledged")
        elif new is not None:
            yield found("A04", place, "is acknowledged now")
        return
    before, after = _message(old["messages"][0], pair.old), _message(new["messages"][0], pair.new)
    at = f"{place} → ack"
    for finding in compare(before.get("payload", {}), after.get("payload", {}), Side.READ, at, pair):
        yield finding
        if finding.level.is_breaking:
            yield found("S04", finding.place, finding.said, finding.level)
