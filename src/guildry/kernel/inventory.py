"""What every stored field is: whose data it holds, how long it is kept, what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Field, Model

F = TypeVar("F", bound=Field)
M = TypeVar("M", bound=type[Model])


class Export(StrEnum):
    YES = "yes"
    NO = "no"
    REDACTED = "redacted"


class Erase(StrEnum):
    DELETE = "delete"
    ANONYMISE = "anonymise"
    TOMBSTONE = "tombstone"
    KEEP = "keep"


class Log(StrEnum):
    PLAIN = "plain"
    HASH = "hash"
    NEVER = "never"


@dataclass(frozen=True)
class DataClass:
    """`key` follows the Fides taxonomy (`user.contact.email`); `retention` names a retention class."""

    key: str
    purpose: str
    retention: str
    personal: bool = True
    basis: str = "contract"
    export: Export = Export.YES
    erase: Erase = Erase.DELETE
    offline: bool = False
    log: Log = Log.PLAIN

    @property
    def is_secret(self) -> bool:
        return self.key.startswith("system.secret")


SYSTEM = DataClass("system.operations", "run the service", "life_of_row", personal=False, basis="none",
                   export=Export.NO, erase=Erase.KEEP)  # fmt: skip
SHOWN = DataClass("system.shown", "show how things stand and since when", "life_of_row", personal=False,
                  basis="none", erase=Erase.KEEP, offline=True)  # fmt: skip
REFERENCE = DataClass("system.reference", "shared vocabulary", "permanent", personal=False, basis="none",
                      export=Export.NO, erase=Erase.KEEP, offline=True)  # fmt: skip
LINK = DataClass("user.unique_id", "say whose a row is", "life_of_row", offline=True)
NAME = DataClass("user.name", "tell people apart", "life_of_account", erase=Erase.ANONYMISE, offline=True)
CONTACT = DataClass("user.contact.email", "reach the member", "life_of_account", erase=Erase.ANONYMISE,
                    log=Log.HASH)  # fmt: skip
PROFILE = DataClass("user.profile", "present the member to others", "life_of_account", offline=True)
CONTENT = DataClass("user.content", "publish what the member wrote", "life_of_account", offline=True,
                    log=Log.NEVER)  # fmt: skip
PRIVATE_CONTENT = DataClass("user.content.private", "keep what the member wrote for chosen eyes",
                            "life_of_account", log=Log.NEVER)  # fmt: skip
OWN_CONTENT = DataClass("user.content.own", "keep what is for the member's eyes alone", "life_of_account",
                        offline=True, log=Log.NEVER)  # fmt: skip
PREFERENCE = DataClass("user.preference", "remember a choice", "life_of_account", offline=True)
BEHAVIOUR = DataClass("user.behavior", "show the member their own activity", "analytics", basis="interest")
SECURITY = DataClass("user.device", "protect the account", "security_logs", basis="interest",
                     export=Export.REDACTED, log=Log.HASH)  # fmt: skip
SECRET = DataClass("system.secret", "prove identity", "life_of_row", export=Export.NO, log=Log.NEVER)


@dataclass(frozen=True)
class ForeignInventory:
    """Data classes for the fields of a model that a library declares, who answers for the table and what it is for."""

    model: str
    fields: dict[str, DataClass]
    owner: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Belonging:
    """Whose the rows of a table are, where its keys to members do not say it.

    `to` are lookups to the members they are handed out to: keys, numbers, addresses, or texts such as "member:7".
    `goes_with` are those with whom they are erased, the same unless given. `stays` says why they are kept then;
    they are emptied of what they hold, with the values of `emptied`, unless `is_emptied` is off.
    """

    to: tuple[str, ...] = ()
    goes_with: tuple[str, ...] | None = None
    stays: str = ""
    emptied: Mapping[str, Any] = default(default_factory=dict)
    is_emptied: bool = True


BELONGINGS: dict[str, Belonging] = {}


def belongs(
    *to: str,
    goes_with: tuple[str, ...] | None = None,
    stays: str = "",
    emptied: Mapping[str, Any] | None = None,
    is_emptied: bool = True,
) -> Callable[[M], M]:
    """Say of a model whose its rows are; values of `emptied` that are functions are given the pseudonym."""

    def note(model: M) -> M:
        found = Belonging(to, goes_with, stays, emptied or {}, is_emptied)
        BELONGINGS[model._meta.label_lower] = found
        return model

    return note


@dataclass(frozen=True)
class Held:
    """What must not go, whatever its age: rows of these members and addresses, and of these tables."""

    members: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()


def use_holds(read: Callable[[], Held]) -> None:
    """Name the function that says what is held; jobs that take old rows away ask it first."""
    global _read_holds
    _read_holds = read


def held() -> Held:
    """Return what must not go."""
    return _read_holds()


_read_holds: Callable[[], Held] = Held


def classified(field: F, data_class: DataClass) -> F:
    """Say what a model field holds; a test refuses fields without it."""
    field.data_class = data_class  # type: ignore[attr-defined]
    return field


def class_of(field: Any, foreign: ForeignInventory | None = None) -> DataClass | None:
    """Return the declared class of a model field, or None when nobody declared one."""
    if foreign:
        return foreign.fields.get(field.name)
    if field.primary_key and field.auto_created:
        return LINK
    return getattr(field, "data_class", None)
