"""The shipped skills in memory: exact names, prefixes, word beginnings and near misses within milliseconds."""

import gzip
import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import accumulate
from pathlib import Path

import msgspec
from rapidfuzz import fuzz, process

from guildry.people.profiles import rules

FILE = Path(__file__).parents[1] / "data" / "skills.jsonl.gz"
NEAR, OBVIOUS = 68, 86


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One line of the shipped file."""

    id: int
    key: str
    label: str
    source: str
    uri: str
    description: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A skill that may be meant; `matched` is the other name that led to it, or empty."""

    id: int
    key: str
    label: str
    description: str
    matched: str = ""


def entries() -> list[Entry]:
    decode = msgspec.json.Decoder(Entry).decode
    with gzip.open(FILE) as file:
        return [decode(line) for line in file]


def checksum() -> str:
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


class Index:
    """Every name of every skill in one sorted list, and once more by length for near misses.

    The numbers stand in arrays and the words are searched in one text, so that a process spends few megabytes on it.
    """

    def __init__(self, found: list[Entry]) -> None:
        exact = {rules.fold(name): entry.id for entry in reversed(found) for name in entry.aliases}
        labels = {rules.fold(entry.label): entry.id for entry in found}
        exact.update(labels)
        self.entries = {e.id: (e.key, e.label, e.description) for e in found}
        self.by_key = {entry.key: entry.id for entry in found}
        self.names = sorted(exact)
        self.ids = array("I", (exact[name] for name in self.names))
        self.rank = array("I", (len(name) + (0 if name in labels else 1000) for name in self.names))
        self.text = "\n " + "\n ".join(self.names) + "\n"
        self.offsets = array("I", accumulate((len(name) + 2 for name in self.names), initial=0))
        self.by_length = sorted(self.names, key=len)
        self.lengths = array("H", map(len, self.by_length))

    def exact(self, text: str) -> int | None:
        """Return the id of the skill with exactly this name, whatever its case and accents."""
        wanted = rules.fold(text)
        place = bisect_left(self.names, wanted)
        is_there = place < len(self.names) and self.names[place] == wanted
        return self.ids[place] if is_there else None

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Return skills by certainty: the exact name, names beginning so, obvious slips, words beginning so, the rest."""
        wanted = rules.fold(text)[:80]
        found: dict[int, Suggestion] = {}
        for name in self._ordered(wanted, limit * 3) if wanted else ():
            suggestion = self._suggestion(name)
            found.setdefault(suggestion.id, suggestion)
            if len(found) == limit:
                break
        return list(found.values())

    def near(self, text: str, limit: int) -> list[Suggestion]:
        """Return what may have been meant by a name nobody uses, the likeliest first."""
        found: dict[int, Suggestion] = {}
        for name, _ in self._near(rules.fold(text)[:80]):
            suggestion = self._suggestion(name)
            found.setdefault(suggestion.id, suggestion)
        return list(found.values())[:limit]

    def _ordered(self, wanted: str, limit: int) -> Iterator[str]:
        if self.exact(wanted) is not None:
            yield wanted
        yield from self._best(self._beginning(wanted), limit)
        if len(wanted) > 2:
            near = self._near(wanted) if len(wanted) > 3 else []
            yield from (name for name, score in near if score >= OBVIOUS)
            yield from self._best(self._with_words(wanted), limit)
            yield from (name for name, score in near if score < OBVIOUS)

    def _best(self, places: Iterable[int], limit: int) -> list[str]:
        return [self.names[place] for place in nsmallest(limit, places, key=self.rank.__getitem__)]

    def _beginning(self, wanted: str) -> range:
        return range(bisect_left(self.names, wanted), bisect_right(self.names, wanted + "\U0010ffff"))

    def _with_words(self, wanted: str) -> Iterator[int]:
        first, *rest = sorted(wanted.split(), key=len, reverse=True)
        at = self.text.find(f" {first}")
        while at >= 0:
            place = bisect_right(self.offsets, at) - 1
            name = f" {self.names[place]}"
            if all(f" {part}" in name for part in rest):
                yield place
            at = self.text.find(f" {first}", self.offsets[place + 1])

    def _near(self, wanted: str) -> list[tuple[str, float]]:
        shortest = bisect_left(self.lengths, round(len(wanted) * 0.72))
        longest = bisect_right(self.lengths, round(len(wanted) * 1.4))
        choices = self.by_length[shortest:longest]
        scored = process.extract(wanted, choices, scorer=fuzz.ratio, score_cutoff=NEAR, limit=24)
        return [(name, score) for name, score, _ in scored]

    def _suggestion(self, name: str) -> Suggestion:
        id = self.ids[bisect_left(self.names, name)]
        key, label, description = self.entries[id]
        return Suggestion(id, key, label, description, "" if rules.fold(label) == name else name)


@cache
def index() -> Index:
    """Return the index of this process, built on first use."""
    return Index(entries())
