"""What a member's own device may keep: entities with their fields, and the stored fields each one comes from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Union


class Shape(StrEnum):
    """Ids are text, because clients keep whole numbers as floats."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    MOMENT = "moment"


@dataclass(frozen=True)
class OfflineEnum:
    """A closed choice. Clients turn a value that they do not know into the first one, so that one says so."""

    name: str
    values: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        return ("unknown", *map(str, self.values))


@dataclass(frozen=True)
class OfflineField:
    """One field; `sources` names the stored fields it tells of, as app.Model.field.

    `many` makes it a list. A `volatile` one changes without the row counting as another version.
    """

    name: str
    shape: Union[Shape, OfflineEnum, "OfflineRecord"]
    sources: tuple[str, ...] = ()
    many: bool = False
    optional: bool = False
    volatile: bool = False


@dataclass(frozen=True)
class OfflineRecord:
    """A shape with a name: a class of the client, or a part of one."""

    name: str
    fields: tuple[OfflineField, ...]

    def walk(self) -> Iterator[tuple[str, OfflineField]]:
        """Yield every field with its pointer, those of nested records included."""
        for part in self.fields:
            yield f"/{part.name}", part
            if isinstance(part.shape, OfflineRecord):
                yield from ((f"/{part.name}{pointer}", inner) for pointer, inner in part.shape.walk())


@dataclass(frozen=True)
class OfflineEntity:
    """A box of a member's device: which rows of theirs it holds, as which record, under which key, for how long.

    `rows` takes the viewer and returns what they may see, each as the plain data of `record`: text, int, bool,
    aware datetime, list, dict or None. `key` names the field that keys are, always an id: keys are never sealed.
    `version` names the field that counts up with every change. `reveals` are stored fields that the mere presence of
    a row tells of.
    """

    box: str
    label: str
    record: OfflineRecord
    rows: Callable[[Any], Sequence[dict[str, Any]]]
    lasts: timedelta
    key: str = "id"
    version: str = ""
    reveals: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        named = {part.name: part for part in self.record.fields}
        if self.key not in named or named[self.key].shape is not Shape.TEXT:
            raise ValueError(f"{self.box}: the key {self.key!r} is no text of {self.record.name}.")
        if self.version and named[self.version].shape is not Shape.NUMBER:
            raise ValueError(f"{self.box}: the version {self.version!r} is no number.")
        told = {source for _, part in self.record.walk() for source in part.sources}
        object.__setattr__(self, "sources", tuple(sorted(told | set(self.reveals))))
