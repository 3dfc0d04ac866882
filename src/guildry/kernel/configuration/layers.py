"""Where values come from, and which place wins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guildry.kernel.configuration.dotenv import Entry
from guildry.kernel.configuration.findings import Finding


class Layer(StrEnum):
    """A place values come from, from the one that yields to all others to the one that wins."""

    DEFAULT = "default"
    FILE = "file"
    STORE = "store"
    DOTENV = ".env"
    ENVIRONMENT = "environment"
    OVERRIDE = "override"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    @property
    def pins(self) -> bool:
        """Whether it keeps the store from having an effect."""
        return self in (Layer.DOTENV, Layer.ENVIRONMENT)


_RANKS = {layer: rank for rank, layer in enumerate(Layer)}


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: `source` is file:line, a name, or empty for the default."""

    layer: Layer
    source: str = ""
    who: int | None = None
    when: datetime | None = None
    change: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Given:
    """A value as one layer gives it."""

    text: str
    origin: Origin


@dataclass(frozen=True)
class Source:
    """One file, or the environment of the process, as it was read."""

    layer: Layer
    file: str
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    mode: int = 0

    def at(self, entry: Entry) -> str:
        return f"{self.file}:{entry.line}" if entry.line else entry.name


@dataclass(frozen=True)
class Outside:
    """What was told from outside: the files and the environment, the one that wins last."""

    sources: tuple[Source, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
