"""What every stored field is: whose data it holds, how long it is kept, what becomes of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Field

F = TypeVar("F", bound=Field)


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
    """Data classes for the fields of a model that a library declares."""

    model: str
    fields: dict[str, DataClass]


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
