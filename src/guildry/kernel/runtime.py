"""The configuration in force in this process: read from memory, replaced as a whole, never half."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from guildry.kernel.configuration import Examination, Risk, Rule, Scope, Setting
from guildry.kernel.points import RUNTIME_SETTINGS

__all__ = ["Preparation", "Risk", "Rule", "Scope", "Setting", "overridden", "prepare_with", "use", "value"]

Commit = Callable[[], None]
Secrets = Mapping[str, tuple[str, ...]]
SITE_KEY = "secret.key"


@dataclass(frozen=True)
class Preparation:
    """Somebody who has to get ready for new values: `prepare` is given all of them and returns what puts them in
    force, or raises, and then they come into force nowhere in this process."""

    name: str
    prepare: Callable[[Mapping[str, Any]], Commit]


_values: dict[str, Any] = {}
_secrets: dict[str, tuple[str, ...]] = {}
_outside = Examination({}, {}, ())
_again: Callable[[], tuple[Examination, Secrets]] | None = None
_preparations: dict[str, Preparation] = {}
_lock = threading.RLock()


def value(key: str) -> Any:
    """Return the value in force of a declared key: one look into memory; raises KeyError for an unknown one."""
    try:
        return _values[key]
    except KeyError:
        return RUNTIME_SETTINGS[key].default


def secrets_of(key: str) -> tuple[str, ...]:
    """Return what is accepted for a secret that is kept or given, newest first: after a rotation two are."""
    return _secrets.get(key, ())


def is_live(key: str) -> bool:
    """Tell whether a key can change while the site runs; secrets that are kept can."""
    return RUNTIME_SETTINGS[key].is_runtime or RUNTIME_SETTINGS[key].kept


def outside() -> Examination:
    """Return what files and environment said when this process last looked."""
    return _outside


def use_outside(
    found: Examination,
    secrets: Secrets,
    *,
    again: Callable[[], tuple[Examination, Secrets]] | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Take what files and environment say as the ground that the store stands on; `again` looks at them anew.

    `values` are those in force on this ground, when the store has its say as well.
    """
    global _outside, _again
    ground = {key: given for key, given in found.values.items() if RUNTIME_SETTINGS[key].is_runtime}
    use(ground if values is None else values)
    _outside, _again = found, again or _again
    use_secrets(secrets)


def use_secrets(secrets: Secrets) -> None:
    """Accept these secrets from now on, and seal with the newest key of the site."""
    global _secrets
    _secrets = dict(secrets)
    if keys := _secrets.get(SITE_KEY):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys[0], list(keys[1:])


def look_again() -> tuple[Examination, Secrets]:
    """Return what files and environment say now, without taking it; raises RuntimeError before the start."""
    if _again is None:
        raise RuntimeError("Nobody has read the configuration yet.")
    return _again()


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
