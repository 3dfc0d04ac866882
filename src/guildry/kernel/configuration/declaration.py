"""The declaration of one key, refused at once when it contradicts itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from guildry.kernel.configuration import kinds


class DeclarationError(ValueError):
    """A declaration contradicts itself; the process must not start."""


class Scope(StrEnum):
    """When a key is read: once at the start, or at every use."""

    BOOT = "boot"
    RUNTIME = "runtime"


class Risk(StrEnum):
    """What changing a key takes: nothing further, a review of the difference, or the approval of somebody else."""

    LOW = "low"
    CONFIRM = "confirm"
    TWO_PERSON = "two-person"


CONSOLE, COMMAND, AUTOMATION = "console", "command", "automation"
CHANNELS = frozenset({CONSOLE, COMMAND, AUTOMATION})
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True)
class Setting:
    """One key: what it takes, what it means, who answers for it, and what changing it takes.

    `kind` is bool, int, float, str, timedelta or tuple (a list of texts); `form` narrows texts to url, host, hosts,
    email, endpoint, path or origin; `pattern` is a regular expression for the whole text; `check` returns what is
    wrong with a value, or an empty string. `variable` is its name in the environment. `aliases` are variables it was
    once known by. A secret that is `kept` is made once and lies in the data folder when nobody gives one. `layers`
    names the only ones that may give it.
    """

    key: str
    kind: type
    default: Any
    section: str
    doc: str
    label: str = ""
    unit: str = ""
    minimum: Any = None
    maximum: Any = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    check: Callable[[Any], str] | None = None
    scope: str = Scope.RUNTIME
    secret: bool = False
    client: bool = False
    required: bool = False
    risk: str = Risk.LOW
    restart: str = ""
    owner: str = ""
    since: str = "0.1"
    variable: str = ""
    aliases: tuple[str, ...] = ()
    channels: frozenset[str] = frozenset({CONSOLE, COMMAND})
    min_length: int = 0
    kept: bool = False
    layers: frozenset[str] = frozenset()
    rotate_days: int = 0
    keywords: tuple[str, ...] = ()
    example: str = ""

    def __post_init__(self) -> None:
        if problems := list(contradictions(self)):
            raise DeclarationError(f"Setting {self.key!r}: {' '.join(problems)}")
        if not self.variable:
            object.__setattr__(self, "variable", f"GUILDRY_{self.key.upper().replace('.', '_')}")
        if not self.label:
            name = self.key.rpartition(".")[2].replace("_", " ")
            object.__setattr__(self, "label", name[0].upper() + name[1:])

    @property
    def is_runtime(self) -> bool:
        return self.scope == Scope.RUNTIME

    @property
    def needs_approval(self) -> bool:
        return self.risk == Risk.TWO_PERSON


@dataclass(frozen=True)
class Rule:
    """A condition over several keys: `is_kept` is given the values of `keys` and says whether they go together."""

    key: str
    keys: tuple[str, ...]
    is_kept: Callable[[Mapping[str, Any]], bool]
    message: str
    fix: str


def contradictions(setting: Setting) -> Iterator[str]:
    """Yield every way in which a declaration contradicts itself."""
    for is_wrong, problem in (*_words(setting), *_combinations(setting)):
        if is_wrong:
            yield problem
    if setting.kind in kinds.KINDS:
        yield from _bounds(setting)


def _words(setting: Setting) -> tuple[tuple[bool, str], ...]:
    return (
        (not _KEY.fullmatch(setting.key), "A key is lower case, with dots between its parts."),
        (setting.kind not in kinds.KINDS, f"The kind {setting.kind!r} cannot be configured."),
        (bool(setting.form) and setting.form not in kinds.FORMS, f"No form is called {setting.form!r}."),
        (setting.scope not in frozenset(Scope), "The scope is boot or runtime."),
        (setting.risk not in frozenset(Risk), "The risk is low, confirm or two-person."),
        (not setting.section, "A section says where it is found."),
        (not setting.doc.endswith("."), "The doc is a sentence."),
        (not setting.channels <= CHANNELS, "A channel is console, command or automation."),
        (setting.variable in setting.aliases, "An alias is another name."),
    )


def _combinations(setting: Setting) -> tuple[tuple[bool, str], ...]:
    is_text = setting.kind in (str, tuple)
    is_boot = setting.scope == Scope.BOOT
    return (
        (setting.secret and not is_boot, "A secret is never kept in the store."),
        (setting.secret and setting.client, "A secret is never given to clients."),
        (setting.secret and setting.kind is not str, "A secret is a text."),
        (setting.secret and bool(setting.default), "A secret has no default."),
        (setting.risk != Risk.LOW and not setting.owner, "A risk needs an owner."),
        (setting.risk != Risk.LOW and is_boot, "What the store cannot change has no risk there."),
        (
            setting.risk == Risk.TWO_PERSON and AUTOMATION in setting.channels,
            "Automation is not a second person.",
        ),
        (bool(setting.restart) and not is_boot, "A runtime key needs no restart."),
        (setting.required and bool(setting.default), "What is required has no default."),
        (bool(setting.pattern or setting.form) and not is_text, "Only texts have a form or a pattern."),
        (bool(setting.min_length or setting.rotate_days) and not setting.secret, "Only secrets age."),
        (setting.kept and not setting.secret, "Only secrets are made and kept."),
        (
            setting.kind in (bool, str, tuple) and (setting.minimum, setting.maximum) != (None, None),
            "Only numbers and durations have bounds.",
        ),
        (bool(setting.choices) and not is_text, "Only texts have choices."),
    )


def _bounds(setting: Setting) -> Iterator[str]:
    low, high = setting.minimum, setting.maximum
    if low is not None and high is not None and low > high:
        yield "The minimum is above the maximum."
    if type(setting.default) is not setting.kind:
        yield f"The default is no {setting.kind.__name__}."
        return
    if setting.kind in (int, float) and not setting.unit:
        yield "A number has a unit."
    if setting.kind is timedelta and setting.unit:
        yield "A duration carries its unit in its value."
    if setting.default and (wrong := kinds.refusal_of(setting, setting.default)):
        yield f"The default is refused: {wrong.message}"
