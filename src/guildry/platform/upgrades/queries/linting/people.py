"""Rules of the lint about what columns hold: money, secrets, and what is about people."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from guildry.kernel import inventory, secrets
from guildry.kernel.inventory import DataClass
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.queries.linting.subjects import Column, Subject


def money_as_float(subject: Subject) -> Iterator[str]:
    for column in subject.columns():
        if isinstance(column.field, models.FloatField) and rules.sounds_of_money(column.name):
            yield f"{column} is money in a float; store minor units in an integer."


def bare_secret(subject: Subject) -> Iterator[str]:
    by_model: dict[str, set[str]] = {}
    unknown = []
    for column in subject.columns():
        by_model.setdefault(column.model.lower(), set()).add(column.name)
        if (field := _field_of(subject.app, column)) is not None:
            yield from (f"{column} {flaw}." for flaw in secrets.flaws_of(field))
        elif secrets.sounds_secret(column.name) and isinstance(
            column.field, models.CharField | models.TextField
        ):
            unknown.append(column)
    for column in unknown:
        names = by_model[column.model.lower()] | _names_in(subject, column)
        if not (rules.is_hashed(column.name) and any(rules.sounds_of_expiry(name) for name in names)):
            yield f"{column} holds a secret; store a digest of it, and when it expires."


def _names_in(subject: Subject, column: Column) -> set[str]:
    model = subject.moves[-1].after.models.get((subject.app, column.model.lower()))
    return set(model.fields) if model else set()


def unclassified(subject: Subject) -> Iterator[str]:
    for column in subject.columns():
        found, is_known = _class_of(subject.app, column)
        if found is None and (is_known or rules.sounds_personal(column.name)):
            yield f"{column} does not say whose data it holds; wrap it in classified(...)."


def _class_of(app: str, column: Column) -> tuple[DataClass | None, bool]:
    """Return the class of a field where the code has it today, else where the migration has it, and which it was."""
    if (field := _field_of(app, column)) is None:
        return inventory.class_of(column.field), False
    return inventory.class_of(field), not field.many_to_many


def _field_of(app: str, column: Column) -> Any:
    """Return the field as the code has it today, None where it has it no more."""
    try:
        return apps.get_model(app, column.model)._meta.get_field(column.name)
    except (LookupError, FieldDoesNotExist):
        return None
