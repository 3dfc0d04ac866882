"""The user types of a box: the bytes do not tell a class from an enum or from an adapter written by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MAX_TYPE_ID_OF_HIVE2 = 223
MAX_TYPE_ID = 65439


class Kind(StrEnum):
    """How the adapter of a type writes: generated for a class, generated for an enum, or by hand."""

    CLASS = "class"
    ENUM = "enum"
    OPAQUE = "opaque"


@dataclass(frozen=True)
class UserType:
    """A type by its id; `fields` names the fields of a class, or the values of an enum, by number."""

    type_id: int
    name: str
    kind: Kind
    fields: dict[int, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not 0 <= self.type_id <= MAX_TYPE_ID:
            raise ValueError(f"{self.name}: a type id is between 0 and {MAX_TYPE_ID}, not {self.type_id}.")
        if not all(0 <= index <= 255 for index in self.fields):
            raise ValueError(f"{self.name}: the number of a field is between 0 and 255.")


class Book:
    """Every user type the reader knows, by id; raises ValueError when two share one."""

    def __init__(self, *types: UserType) -> None:
        self._types: dict[int, UserType] = {}
        for kind in types:
            if kind.type_id in self._types:
                raise ValueError(f"{kind.name} and {self._types[kind.type_id].name} share id {kind.type_id}.")
            self._types[kind.type_id] = kind

    def get(self, type_id: int) -> UserType | None:
        return self._types.get(type_id)

    def __iter__(self) -> Iterator[UserType]:
        return iter(self._types.values())


EMPTY = Book()
