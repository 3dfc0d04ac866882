"""How secrets are stored: a hash of what is only compared, sealed text of what must be read back, and when either ends."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from cryptography.fernet import InvalidToken
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from guildry.kernel import crypto, errors, inventory
from guildry.kernel.inventory import classified

# Columns of these kinds can hold a secret; numbers, dates and choices cannot.
_TELLING = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
_SECRET = re.compile(
    r"(?:^|_)(?:token|otp|passcode|password|passphrase|pin|secret|ticket|credential|api_key|private_key|recovery)s?(?:_|$)"
)
DIGEST_LENGTH, KEY_ID_LENGTH, PORTION = 64, 8, 500


class SealedByAnotherKey(errors.Unavailable):
    problem = errors.problem(
        "sealed-by-another-key", 503, "This was sealed with a key the site no longer has"
    )

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"This was sealed with the key {key_id}, which the site no longer has. "
            "Give it back as GUILDRY_SECRET_KEY_OLD to read it."
        )


@dataclass(frozen=True)
class Life:
    """When a hashed secret stops proving anything, by the names of columns beside it.

    `expires` is its last moment. `ended` is set once it was used, answered or revoked; empty where using it deletes the
    row. `attempts` counts what was tried at a secret short enough to be guessed. A purge deletes the row of one that is
    over, or `forgets` the hash alone where the row goes on saying what happened.
    """

    expires: str = "expires_at"
    ended: str = ""
    attempts: str = ""
    forgets: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in (self.expires, self.ended, self.attempts) if name)

    def over_since(self, moment: datetime) -> Q:
        """Return which rows were over at a moment."""
        over = Q(**{f"{self.expires}__lte": moment})
        return over | Q(**{f"{self.ended}__lte": moment}) if self.ended else over


class HashedField(models.CharField):
    """A secret of which only a hash is kept, for as long as its life says.

    What the site draws itself has 256 bits and nothing to guess: its SHA-256 needs no key, so no rotation ends it. What
    has `attempts` is short, so its hash is keyed, and good under the key in use and the one before. What people choose
    goes through Django's password hashers instead.
    """

    def __init__(self, *arguments: Any, life: Life | None = None, **options: Any) -> None:
        self.life = life or Life()
        options.setdefault("max_length", DIGEST_LENGTH)
        super().__init__(*arguments, **options)
        classified(self, inventory.SECRET)

    def deconstruct(self) -> Any:
        """Migrations see a column of text: how it is filled is nothing a table knows."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options


class SealedField(models.TextField):
    """A secret that must be read back: text sealed with the key of the site, whose id stands in front of it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        classified(self, inventory.SECRET)

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options

    @property
    def purpose(self) -> str:
        return f"sealed:{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        text = self.written(value)
        if not text:
            return text
        return f"{key_id()}.{crypto.box(self.purpose).encrypt(text.encode()).decode()}"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if not value:
            return self.read(value)
        used, _, sealed = value.partition(".")
        try:
            return self.read(crypto.box(self.purpose).decrypt(sealed.encode()).decode())
        except InvalidToken:
            raise SealedByAnotherKey(used) from None

    def written(self, value: Any) -> Any:
        return value

    def read(self, text: str | None) -> Any:
        return text

    def reseal(self) -> int:
        """Seal anew what an older key sealed that still opens it; returns how many rows there were."""
        older = [key_id(key) for key in crypto.site_keys()[1:]]
        rows = self.model._base_manager.annotate(head=Left(self.name, KEY_ID_LENGTH)).filter(head__in=older)
        count = 0
        while batch := list(rows.select_for_update().only("pk", self.name).order_by("pk")[:PORTION]):
            for row in batch:
                row.save(update_fields=[self.name])
            count += len(batch)
        return count


class SealedForOwnerField(models.TextField):
    """Text sealed with a key that only its owner brings along, such as the cookie of a session: the site cannot open it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        classified(self, inventory.SECRET)

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options


class SealedJSONField(SealedField):
    """Plain data, sealed."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def written(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value)

    def read(self, text: str | None) -> Any:
        return json.loads(text) if text else None

    def to_python(self, value: Any) -> Any:
        return value


class OneTime(models.Model):
    """A secret that works once, until it expires, and for so many attempts.

    What decides is one UPDATE each time: of two who come at once the database lets one through, whatever either of them
    had read before.
    """

    MOST_ATTEMPTS: ClassVar[int] = 5

    attempts = classified(models.PositiveSmallIntegerField(default=0, db_default=0), inventory.SECURITY)
    expires_at = classified(models.DateTimeField(db_index=True), inventory.SECURITY)
    used_at = classified(models.DateTimeField(null=True, blank=True), inventory.SECURITY)

    class Meta:
        abstract = True

    @classmethod
    def live(cls, now: datetime) -> "models.QuerySet[Self]":
        """Return what can still be used."""
        usable = {"used_at": None, "expires_at__gt": now, "attempts__lt": cls.MOST_ATTEMPTS}
        return cls._default_manager.filter(**usable)

    @classmethod
    def take_attempt(cls, now: datetime, **which: Any) -> bool:
        """Count an attempt before it is judged; False when it is used, expired, or was tried too often."""
        return bool(cls.live(now).filter(**which).update(attempts=F("attempts") + 1))

    @classmethod
    def spend(cls, now: datetime, **which: Any) -> bool:
        """Use it up; False when it had been before, or expired. An attempt that was taken does not count against it."""
        unused = cls._default_manager.filter(used_at=None, expires_at__gt=now, **which)
        return unused.update(used_at=now) == 1


def key_id(key: str = "") -> str:
    """Return the name of a key of the site, by default of the one that seals: it says nothing about the key itself."""
    named = hashlib.sha256(f"guildry:key-id:{key or crypto.site_keys()[0]}".encode())
    return named.hexdigest()[:KEY_ID_LENGTH]


def hashed_fields() -> list[HashedField]:
    """Return every hashed secret of the site's own tables."""
    return [field for field in _fields() if isinstance(field, HashedField)]


def sealed_fields() -> list[SealedField]:
    return [field for field in _fields() if isinstance(field, SealedField)]


def _fields() -> list[Any]:
    from django.apps import apps

    return [field for model in apps.get_models() for field in model._meta.local_fields]


def kind_of(field: Any) -> str:
    """Return how a column keeps a secret: hashed, sealed or stretched; empty when it has no way to."""
    if isinstance(field, HashedField):
        return "hashed"
    if isinstance(field, SealedField | SealedForOwnerField):
        return "sealed"
    is_password = field.name == "password" and issubclass(field.model, AbstractBaseUser)
    return "stretched" if is_password else ""


def sounds_secret(name: str) -> bool:
    return bool(_SECRET.search(name))


def flaws_of(field: Any) -> list[str]:
    """Return what is wrong with how a column keeps what it holds, for whoever looks after the tables."""
    if not isinstance(field, _TELLING):
        return []
    data_class = inventory.class_of(field)
    holds_one = sounds_secret(field.name) or bool(data_class and data_class.is_secret)
    if holds_one and not kind_of(field):
        return ["holds a secret; make it a HashedField with a life, or a SealedField if it must be read back"]
    if not isinstance(field, HashedField):
        return []
    there = {column.name for column in field.model._meta.local_fields}
    return [
        f"lives by {name}, a column that is not there" for name in field.life.columns if name not in there
    ]
