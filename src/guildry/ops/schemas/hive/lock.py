"""The lock file of type ids and field numbers, in the shape of hive_ce's own `hive_adapters.g.yaml`.

Clients have data under these numbers, so a number once given is never given to anything else: counters only grow.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guildry.ops.schemas.hive.book import MAX_TYPE_ID

MAX_INDEX = 255
HEADER = (
    "# Written by `guildry contracts hive lock`; hive_ce reads it as its hive_adapters.g.yaml.\n"
    "# Clients hold data under these numbers: add, never change, never take one again.\n"
)
NAME = r"([A-Za-z_][A-Za-z0-9_]*)"
LINES = (
    ("next", re.compile(r"nextTypeId: (\d+)")),
    ("types", re.compile(r"types:(?: \{\})?")),
    ("type", re.compile(f"  {NAME}:")),
    ("typeId", re.compile(r"    typeId: (\d+)")),
    ("nextIndex", re.compile(r"    nextIndex: (\d+)")),
    ("fields", re.compile(r"    fields:(?: \{\})?")),
    ("field", re.compile(f"      {NAME}:")),
    ("index", re.compile(r"        index: (\d+)")),
)


class LockError(ValueError):
    """The text is no lock file, or one that contradicts itself."""


@dataclass(frozen=True)
class LockedType:
    type_id: int
    next_index: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Lock:
    """The numbers given so far and the next ones; `types` is in the order of the file."""

    next_type_id: int = 0
    types: Mapping[str, LockedType] = field(default_factory=dict)

    def render(self) -> str:
        """Return the file's text."""
        lines = [f"nextTypeId: {self.next_type_id}", "types:" if self.types else "types: {}"]
        for name, kind in self.types.items():
            lines += [f"  {name}:", f"    typeId: {kind.type_id}", f"    nextIndex: {kind.next_index}"]
            lines.append("    fields:" if kind.fields else "    fields: {}")
            for field_name, index in kind.fields.items():
                lines += [f"      {field_name}:", f"        index: {index}"]
        return HEADER + "\n".join(lines) + "\n"


def parse(text: str) -> Lock:
    """Read a lock file strictly; raises LockError naming the line, also for what YAML would let pass."""
    parser = _Parser()
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.rstrip()
        if bare and not bare.lstrip().startswith("#"):
            parser.take(number, bare)
    return parser.lock()


class _Parser:
    """Where in the file we are: below which type, below which field."""

    def __init__(self) -> None:
        self.next_type_id: int | None = None
        self.ids: dict[str, int] = {}
        self.next_indexes: dict[str, int] = {}
        self.fields: dict[str, dict[str, int | None]] = {}
        self.type = self.field = ""

    def take(self, number: int, line: str) -> None:
        for kind, pattern in LINES:
            found = pattern.fullmatch(line)
            if found:
                problem = self.place(kind, found.group(1) if found.groups() else "")
                if problem:
                    raise LockError(f"line {number}: {problem}")
                return
        raise LockError(f"line {number}: {line.strip()!r} does not belong in a lock file")

    def place(self, kind: str, value: str) -> str:
        """Take in one line; returns what is wrong with it, or nothing."""
        if kind in ("typeId", "nextIndex", "fields", "field") and not self.type:
            return "no type to belong to"
        if kind == "next":
            return self.begin(value)
        if kind == "type":
            return self.open_type(value)
        if kind in ("typeId", "nextIndex"):
            return self.number(self.ids if kind == "typeId" else self.next_indexes, kind, int(value))
        if kind == "field":
            return self.open_field(value)
        return self.index(int(value)) if kind == "index" else ""

    def begin(self, value: str) -> str:
        if self.next_type_id is not None:
            return "nextTypeId stands here twice"
        self.next_type_id = int(value)
        return ""

    def open_type(self, name: str) -> str:
        if name in self.fields:
            return f"the type {name} stands here twice"
        self.type, self.field, self.fields[name] = name, "", {}
        return ""

    def number(self, into: dict[str, int], kind: str, value: int) -> str:
        if self.type in into:
            return f"{kind} of {self.type} stands here twice"
        into[self.type] = value
        return ""

    def open_field(self, name: str) -> str:
        if name in self.fields[self.type]:
            return f"the field {self.type}.{name} stands here twice"
        self.field, self.fields[self.type][name] = name, None
        return ""

    def index(self, value: int) -> str:
        if not self.field or self.fields[self.type][self.field] is not None:
            return "no field for this index"
        self.fields[self.type][self.field] = value
        return ""

    def lock(self) -> Lock:
        if self.next_type_id is None:
            raise LockError("nextTypeId is missing")
        types = {}
        for name, fields in self.fields.items():
            if name not in self.ids or name not in self.next_indexes or None in fields.values():
                raise LockError(f"{name} lacks typeId, nextIndex or the index of a field")
            numbered = {key: index for key, index in fields.items() if index is not None}
            types[name] = LockedType(self.ids[name], self.next_indexes[name], numbered)
        lock = Lock(self.next_type_id, types)
        if contradictions := flaws(lock):
            raise LockError("; ".join(contradictions))
        return lock


def flaws(lock: Lock) -> list[str]:
    """Return how a lock contradicts itself: shared numbers, and numbers that the counters have yet to give."""
    found = _shared({name: kind.type_id for name, kind in lock.types.items()}, "type id")
    for name, kind in lock.types.items():
        if kind.type_id >= lock.next_type_id:
            found.append(f"{name} has id {kind.type_id}, but nextTypeId is {lock.next_type_id}")
        if kind.type_id > MAX_TYPE_ID:
            found.append(f"{name} has id {kind.type_id}, beyond {MAX_TYPE_ID}")
        found += _shared({f"{name}.{key}": index for key, index in kind.fields.items()}, "index")
        found += [
            f"{name}.{key} has index {index}, but nextIndex is {kind.next_index}"
            for key, index in kind.fields.items()
            if index >= kind.next_index
        ]
        if kind.next_index > MAX_INDEX + 1:
            found.append(f"{name} has used up its {MAX_INDEX + 1} field numbers")
    return found


def _shared(numbers: Mapping[str, int], what: str) -> list[str]:
    holders: dict[int, list[str]] = {}
    for name, number in numbers.items():
        holders.setdefault(number, []).append(name)
    return [f"{' and '.join(names)} share {what} {n}" for n, names in holders.items() if len(names) > 1]


def grown(lock: Lock, declared: Mapping[str, Sequence[str]]) -> Lock:
    """Return the lock with numbers for what is newly declared; what is gone leaves, its numbers never come back."""
    next_type_id, types = lock.next_type_id, {}
    for name, fields in declared.items():
        held = lock.types.get(name)
        if held is None:
            held, next_type_id = LockedType(next_type_id), next_type_id + 1
        types[name] = _grown_type(held, fields)
    return Lock(next_type_id, types)


def _grown_type(held: LockedType, fields: Iterable[str]) -> LockedType:
    next_index, numbered = held.next_index, {}
    for name in fields:
        if name in held.fields:
            numbered[name] = held.fields[name]
        else:
            numbered[name], next_index = next_index, next_index + 1
    return replace(held, next_index=next_index, fields=numbered)


def breaches(old: Lock, new: Lock) -> list[str]:
    """Return every way in which data written under the old lock would be misread under the new one."""
    found = flaws(new)
    if new.next_type_id < old.next_type_id:
        found.append(f"nextTypeId went down from {old.next_type_id} to {new.next_type_id}")
    holders = {kind.type_id: name for name, kind in old.types.items()}
    for name, kind in new.types.items():
        held = old.types.get(name)
        if held is not None:
            found += _breaches_of_type(name, held, kind)
        elif kind.type_id < old.next_type_id:
            renamed_from = holders.get(kind.type_id)
            if renamed_from is None or renamed_from in new.types:
                found.append(f"{name} takes id {kind.type_id}, which was given before")
            else:
                found += _breaches_of_type(name, old.types[renamed_from], kind)
    return found


def _breaches_of_type(name: str, old: LockedType, new: LockedType) -> list[str]:
    found = []
    if new.type_id != old.type_id:
        found.append(f"{name} changed its id from {old.type_id} to {new.type_id}")
    if new.next_index < old.next_index:
        found.append(f"nextIndex of {name} went down from {old.next_index} to {new.next_index}")
    holders = {index: key for key, index in old.fields.items()}
    for key, index in new.fields.items():
        if key in old.fields:
            if old.fields[key] != index:
                found.append(f"{name}.{key} changed its index from {old.fields[key]} to {index}")
        elif index < old.next_index and (index not in holders or holders[index] in new.fields):
            found.append(f"{name}.{key} takes index {index}, which was given before")
    return found


def type_breaches(old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return every field that reads under its old number as something else than was written there.

    Both say of each class what its fields are, and of an enum that it is one. What is new or gone breaks nothing.
    """
    return [
        f"{name}.{key} was {old[name][key]} and is {what} now: give it another name"
        for name, fields in new.items()
        for key, what in fields.items()
        if old.get(name, {}).get(key, what) != what
    ]
