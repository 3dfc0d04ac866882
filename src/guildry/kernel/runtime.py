"""The configuration in force in this process: read from memory, replaced as a whole, never half."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from guildry.kernel.configuration import Risk, Rule, Scope, Setting
from guildry.kernel.points import RUNTIME_SETTINGS

__all__ = ["Preparation", "Risk", "Rule", "Scope", "Setting", "overridden", "prepare_with", "use", "value"]

Commit = Callable[[], None]


@dataclass(frozen=True)
class Preparation:
    """Somebody who has to get ready for new values: `prepare` is given all of them and returns what puts them in
    force, or raises, and then they come into force nowhere in this process."""

    name: str
    prepare: Callable[[Mapping[str, Any]], Commit]


_values: dict[str, Any] = {}
_preparations: dict[str, Preparation] = {}
_lock = threading.RLock()


def value(key: str) -> Any:
    """Return the value in force of a declared key: one look into memory; raises KeyError for an unknown one."""
    try:
        return _values[key]
    except KeyError:
        return RUNTIME_SETTINGS[key].default


def prepare_with(preparation: Preparation) -> None:
    """Have something prepared before new values come into force; raises ValueError when the name is taken."""
    if preparation.name in _preparations:
        raise ValueError(f"{preparation.name} prepares already.")
    _preparations[preparation.name] = preparation


def rehearse(values: Mapping[str, Any]) -> list[Commit]:
    """Prepare everybody for new values without putting them in force; raises what anybody raises."""
    return [preparation.prepare(values) for preparation in _preparations.values()]


def use(values: Mapping[str, Any]) -> None:
    """Put new values in force, all or none: whoever cannot prepare raises, and the old ones stay."""
    global _values
    with _lock:
        commits = rehearse(values)
        _values = dict(values)
        for commit in commits:
            commit()


def in_force() -> Mapping[str, Any]:
    """Return the value of every declared key."""
    return {setting.key: value(setting.key) for setting in RUNTIME_SETTINGS}


@contextmanager
def overridden(values: Mapping[str, Any]) -> Iterator[None]:
    """Put other values in force inside; raises KeyError for an unknown key and TypeError for another kind."""
    for key, given in values.items():
        if not isinstance(given, RUNTIME_SETTINGS[key].kind):
            raise TypeError(f"{key} takes {RUNTIME_SETTINGS[key].kind.__name__}, not {given!r}.")
    before = _values
    use({**in_force(), **values})
    try:
        yield
    finally:
        use(before)
