"""One edit of a set of contracts, with what is expected of it in both directions."""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Set = dict[str, Any]
Change = Callable[[Set], None]
# A rule and its level; an empty rule says that nothing worth a word has changed.
Label = tuple[str, str]

REQUEST, RESPONSE, RISKY, SAFE, DOC = "breaking-request", "breaking-response", "risky", "safe", "doc"


@dataclass(frozen=True)
class Case:
    name: str
    old: Set
    new: Set
    rule: str
    level: str

    @property
    def is_breaking(self) -> bool:
        return self.level in (REQUEST, RESPONSE)


@dataclass(frozen=True)
class Edit:
    """`prepare` makes the place that `change` then changes."""

    name: str
    change: Change
    forward: Label
    back: Label
    prepare: Change = lambda _: None

    def cases(self, base: Set) -> Iterator[Case]:
        old = _copy(base)
        self.prepare(old)
        new = _copy(old)
        self.change(new)
        yield Case(self.name, old, new, *self.forward)
        yield Case(f"{self.name}, undone", new, old, *self.back)


def _copy(contracts: Set) -> Set:
    """Copy through pickle, which is many times faster than deepcopy on plain data."""
    copied: Set = pickle.loads(pickle.dumps(contracts, pickle.HIGHEST_PROTOCOL))
    return copied
