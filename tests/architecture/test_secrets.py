"""Whatever is secret is stored as a hash or sealed, and by nothing else."""

from typing import Any

import pytest
from allauth.account import app_settings
from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from guildry.config import settings as delivered
from guildry.kernel import inventory, secrets
from guildry.kernel.points import FOREIGN_INVENTORY
from guildry.kernel.secrets import HashedField, Life, SealedField
from guildry.people.accounts.models import OneTimeCode, library

OURS = "guildry."


def fields() -> list[Any]:
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(OURS)
        for field in model._meta.local_fields
    ]


def test_every_secret_of_ours_is_hashed_or_sealed() -> None:
    found = {f"{field.model._meta.label}.{field.name}": secrets.flaws_of(field) for field in fields()}

    assert {name: flaws for name, flaws in found.items() if flaws} == {}


def test_every_secret_of_a_library_is_accounted_for() -> None:
    kept = {
        f"{entry.model}.{name}"
        for entry in FOREIGN_INVENTORY
        for name, data_class in entry.fields.items()
        if data_class.is_secret
    }

    assert kept == library.SEALED | library.UNUSED


def test_what_libraries_could_store_in_the_clear_is_never_stored() -> None:
    assert app_settings.EMAIL_CONFIRMATION_HMAC
    assert settings.SOCIALACCOUNT_STORE_TOKENS is False


def test_passwords_are_stretched_with_argon2() -> None:
    first = import_string(delivered.PASSWORD_HASHERS[0])()

    assert first.algorithm == "argon2"


def test_a_secret_that_can_be_guessed_counts_attempts() -> None:
    code = OneTimeCode._meta.get_field("code_digest")

    assert isinstance(code, HashedField)
    assert code.life == Life("expires_at", "used_at", attempts="attempts")


def bare(**columns: models.Field) -> type[models.Model]:
    """Make a model that no database has, with these columns."""
    meta = type("Meta", (), {"app_label": "nowhere", "apps": Apps()})
    return type("Bare", (models.Model,), {"__module__": __name__, "Meta": meta, **columns})


@pytest.mark.parametrize(
    ("field", "flaws"),
    [
        (models.CharField(max_length=40), 1),
        (models.TextField(), 1),
        (models.JSONField(), 1),
        (models.BinaryField(), 1),
        (models.BooleanField(), 0),
        (HashedField(life=Life("made_at")), 0),
        (HashedField(life=Life("made_at", "used_at")), 1),
        (HashedField(), 1),
        (SealedField(), 0),
    ],
)
def test_a_column_that_sounds_secret_is_refused_unless_it_is_kept_as_one(
    field: models.Field, flaws: int
) -> None:
    model = bare(reset_token=field, made_at=models.DateTimeField())

    assert len(secrets.flaws_of(model._meta.get_field("reset_token"))) == flaws


def test_a_column_is_refused_by_its_class_too() -> None:
    model = bare(note=inventory.classified(models.TextField(), inventory.SECRET), word=models.TextField())

    assert len(secrets.flaws_of(model._meta.get_field("note"))) == 1
    assert secrets.flaws_of(model._meta.get_field("word")) == []
