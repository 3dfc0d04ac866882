"""How one JSON Schema differs from another for those who send it, and for those who read it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from guildry.ops.contracts.differ.catalogue import Finding, Level, found
from guildry.ops.contracts.differ.limits import limits

Shape = Mapping[str, Any]
DEEPEST = 12
_EVERYTHING = frozenset({"string", "integer", "number", "boolean", "object", "array"})


class Side(Enum):
    """Whether clients send it, so that it may be taken more freely, or read it, so that it may be said more narrowly."""

    SENT = "sent"
    READ = "read"


@dataclass(frozen=True)
class Pair:
    """Two documents that shapes refer into."""

    old: Shape
    new: Shape

    @cached_property
    def changed(self) -> frozenset[str]:
        """References to what differs between the documents, by itself or by what it refers to in turn."""
        held = [dict(_components(document)) for document in (self.old, self.new)]
        names = set(held[0]) | set(held[1])
        found = {name for name in names if held[0].get(name) != held[1].get(name)}
        if not found:
            return frozenset()
        leads = {name: references_in([part.get(name) for part in held]) for name in names}
        while more := {name for name in names - found if leads[name] & found}:
            found |= more
        return frozenset(found)

    def is_same(self, old: Any, new: Any) -> bool:
        """Tell whether two parts say the same, what they refer to included."""
        return bool(old == new) and not (self.changed and references_in(new) & self.changed)


@dataclass(frozen=True)
class Plain:
    """A shape without references: its kinds, whether null is one, and the alternatives that are left."""

    shape: Shape
    kinds: frozenset[str]
    may_be_null: bool
    alternatives: tuple[Shape, ...] = ()

    @property
    def choice(self) -> list[Any] | None:
        if "const" in self.shape:
            return [self.shape["const"]]
        listed = self.shape.get("enum")
        return [value for value in listed if value is not None] if isinstance(listed, list) else None


def compare(old: Shape, new: Shape, side: Side, place: str, pair: Pair) -> Iterator[Finding]:
    """Yield every difference of two shapes."""
    yield from _Comparison(side, pair).compare(old, new, place, 0)


class _Comparison:
    def __init__(self, side: Side, pair: Pair) -> None:
        self.side, self.pair = side, pair
        self.seen: set[tuple[str, str]] = set()

    @property
    def is_sent(self) -> bool:
        return self.side is Side.SENT

    def compare(self, old: Shape, new: Shape, place: str, depth: int) -> Iterator[Finding]:
        names = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if depth > DEEPEST or (all(names) and names in self.seen):
            return
        if all(names):
            self.seen.add(names)
        before, after = plain(old, self.pair.old), plain(new, self.pair.new)
        yield from self._texts(before.shape, after.shape, place)
        yield from self._null(before, after, place)
        if before.alternatives or after.alternatives:
            yield from self._alternatives(before, after, place, depth)
            return
        differing = list(self._kinds(before, after, place))
        yield from differing
        if any(finding.level.is_breaking for finding in differing):
            return
        yield from self._choices(before, after, place)
        yield from limits(before.shape, after.shape, is_sent=self.is_sent, place=place)
        yield from self._default(before.shape, after.shape, place)
        yield from self._object(before.shape, after.shape, place, depth)
        yield from self._inner(before.shape, after.shape, place, depth)

    def _texts(self, old: Shape, new: Shape, place: str) -> Iterator[Finding]:
        for word in ("title", "description"):
            if old.get(word) != new.get(word):
                yield found("T01", place, f"the {word} is worded differently")
                return

    def _null(self, old: Plain, new: Plain, place: str) -> Iterator[Finding]:
        if old.may_be_null == new.may_be_null:
            return
        sent, read = ("A03", "P04") if new.may_be_null else ("R13", "A06")
        yield found(
            sent if self.is_sent else read, place, "null is taken now" if new.may_be_null else "null is gone"
        )

    def _alternatives(self, old: Plain, new: Plain, place: str, depth: int) -> Iterator[Finding]:
        """Pair alternatives that are the same or of one kind; judge those that one side alone has."""
        left, right = list(_options(old)), list(_options(new))
        for before in list(left):
            after = next((option for option in right if _alike(before, option, self.pair)), None)
            if after is not None:
                left.remove(before)
                right.remove(after)
                yield from self.compare(before, after, place, depth + 1)
        for before in left:
            yield found("R05" if self.is_sent else "A06", place, f"{_named(before)} is no longer possible")
        for after in right:
            yield found("A03" if self.is_sent else "P03", place, f"{_named(after)} is possible now")

    def _kinds(self, old: Plain, new: Plain, place: str) -> Iterator[Finding]:
        before, after = old.kinds or _EVERYTHING, new.kinds or _EVERYTHING
        if before == after:
            return
        said = f"{_listed(old.kinds)} became {_listed(new.kinds)}"
        if _covers(after, before):
            yield found("A03" if self.is_sent else "P03", place, said)
        elif _covers(before, after):
            yield found("R05" if self.is_sent else "A06", place, said)
        else:
            yield found("R05" if self.is_sent else "P03", place, said)

    def _choices(self, old: Plain, new: Plain, place: str) -> Iterator[Finding]:
        before, after = old.choice, new.choice
        if before is None and after is None:
            return
        has_room = bool(old.shape.get("x-unknown"))
        if before is None or after is None:
            yield self._opened(place, has_room, is_closed=after is not None)
            return
        gone = [value for value in before if value not in after]
        fresh = [value for value in after if value not in before]
        if gone:
            yield found("R06" if self.is_sent else "A06", place, f"no longer: {_values(gone)}")
        if fresh:
            rule = "A03" if self.is_sent else "A05" if has_room else "P05"
            yield found(rule, place, f"new: {_values(fresh)}")
        if not self.is_sent and has_room and not new.shape.get("x-unknown"):
            yield found("P05", place, "unknown is no longer agreed on", Level.RISKY)

    def _opened(self, place: str, has_room: bool, *, is_closed: bool) -> Finding:
        if is_closed:
            return found("R06" if self.is_sent else "A06", place, "only listed values now")
        rule = "A03" if self.is_sent else "A05" if has_room else "P05"
        return found(rule, place, "any value now")

    def _default(self, old: Shape, new: Shape, place: str) -> Iterator[Finding]:
        if old.get("default") != new.get("default"):
            said = f"{json.dumps(old.get('default'))} became {json.dumps(new.get('default'))}"
            yield found("R12" if self.is_sent else "T01", place, f"default {said}")

    def _object(self, old: Shape, new: Shape, place: str, depth: int) -> Iterator[Finding]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            at = f"{place}.{name}"
            if name not in after:
                yield self._gone(at, new)
                continue
            yield from self._certainty(at, name in needed, name in needs)
            yield from self.compare(before[name], after[name], at, depth + 1)
        for name in after:
            if name not in before:
                yield self._came(f"{place}.{name}", name in needs)
        if self.is_sent and old.get("additionalProperties") is not False is new.get("additionalProperties"):
            yield found("R11", place, "fields that are not known are refused now")

    def _gone(self, at: str, new: Shape) -> Finding:
        if not self.is_sent:
            return found("P01", at, "is gone")
        is_refused = new.get("additionalProperties") is False
        return found("R16", at, "is gone", None if is_refused else Level.RISKY)

    def _came(self, at: str, is_needed: bool) -> Finding:
        if self.is_sent:
            return found("R03" if is_needed else "A02", at, "is new")
        return found("A04", at, "is new")

    def _certainty(self, at: str, was_needed: bool, is_needed: bool) -> Iterator[Finding]:
        if was_needed == is_needed:
            return
        if self.is_sent:
            yield found(
                "R04" if is_needed else "A03", at, "is required now" if is_needed else "may be left out"
            )
        else:
            yield found("A06" if is_needed else "P02", at, "always comes" if is_needed else "may be missing")

    def _inner(self, old: Shape, new: Shape, place: str, depth: int) -> Iterator[Finding]:
        before, after = old.get("items"), new.get("items")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.compare(before, after, f"{place}[]", depth + 1)
        before, after = old.get("additionalProperties"), new.get("additionalProperties")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.compare(before, after, f"{place}{{}}", depth + 1)


def references_in(part: Any) -> set[str]:
    """Return every reference that a part of a document holds."""
    found_ones: set[str] = set()
    waiting = [part]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            if isinstance(target := current.get("$ref"), str):
                found_ones.add(target)
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current
    return found_ones


def _components(document: Shape) -> Iterator[tuple[str, Any]]:
    """Yield everything that has a name to refer to, with its reference."""
    for kind, entries in document.get("components", {}).items():
        yield from ((f"#/components/{kind}/{name}", entry) for name, entry in entries.items())
    for name, channel in document.get("channels", {}).items():
        for key, message in channel.get("messages", {}).items():
            yield f"#/channels/{name}/messages/{key}", message


def resolved(shape: Shape, document: Shape) -> Shape:
    """Follow references within a document."""
    while "$ref" in shape:
        target: Any = document
        for step in str(shape["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        rest = {key: value for key, value in shape.items() if key != "$ref"}
        shape = {**target, **rest}
    return shape


def plain(shape: Shape, document: Shape) -> Plain:
    """Return a shape with its references followed, its parts merged, and null kept apart."""
    shape = _merged(resolved(shape, document), document)
    given = shape.get("anyOf") or shape.get("oneOf") or ()
    options = [option for option in given if option.get("type") != "null"]
    may_be_null = len(options) < len(given)
    if len(options) == 1:
        inner = plain(options[0], document)
        outer = {key: value for key, value in shape.items() if key not in ("anyOf", "oneOf")}
        return Plain(
            {**inner.shape, **outer}, inner.kinds, may_be_null or inner.may_be_null, inner.alternatives
        )
    kinds = _kinds_of(shape)
    return Plain(shape, kinds - {"null"}, may_be_null or "null" in kinds, tuple(options))


def _merged(shape: Shape, document: Shape) -> Shape:
    """Put the parts of `allOf` into one, since each of them holds."""
    if "allOf" not in shape:
        return shape
    whole: dict[str, Any] = {key: value for key, value in shape.items() if key != "allOf"}
    for part in shape["allOf"]:
        inner = _merged(resolved(part, document), document)
        properties = {**inner.get("properties", {}), **whole.get("properties", {})}
        required = [*whole.get("required", ()), *inner.get("required", ())]
        whole = {**inner, **whole}
        if properties:
            whole["properties"], whole["required"] = properties, sorted(set(required))
    return whole


def _kinds_of(shape: Shape) -> frozenset[str]:
    kind = shape.get("type")
    if isinstance(kind, str):
        return frozenset({kind})
    if isinstance(kind, list):
        return frozenset(kind)
    return frozenset({"object"}) if "properties" in shape else frozenset()


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    return narrow <= wide or ("number" in wide and narrow - {"integer"} <= wide)


def _options(shape: Plain) -> tuple[Shape, ...]:
    return shape.alternatives or (shape.shape,)


def _alike(old: Shape, new: Shape, pair: Pair) -> bool:
    if "$ref" in old and "$ref" in new:
        return bool(old["$ref"] == new["$ref"])
    return plain(old, pair.old).kinds == plain(new, pair.new).kinds


def _named(shape: Shape) -> str:
    return str(shape.get("$ref", "")).rpartition("/")[2] or _listed(_kinds_of(shape))


def _listed(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds)) or "anything"


def _values(values: list[Any]) -> str:
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values[:8])
