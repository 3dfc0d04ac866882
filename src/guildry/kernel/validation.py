"""Validation in our words: every field that needs another look in one refusal, shown where it was typed."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, UniqueConstraint

from guildry.kernel import errors


def check(instance: Model, *, exclude: Collection[str] = ()) -> None:
    """Run `full_clean`; raises Invalid with one entry for each problem found.

    Check constraints are left to the database: asking it in advance costs a query each, and rules have decided before.
    """
    try:
        instance.full_clean(exclude=set(exclude), validate_constraints=False)
        _check_uniqueness(instance, set(exclude))
    except ValidationError as error:
        raise errors.Invalid(
            errors=tuple(
                errors.FieldError("" if field == NON_FIELD_ERRORS else field, message)
                for field, messages in error.message_dict.items()
                for message in messages
            )
        ) from error


def _check_uniqueness(instance: Model, exclude: set[str]) -> None:
    for model, constraints in instance.get_constraints():
        for constraint in constraints:
            if isinstance(constraint, UniqueConstraint):
                constraint.validate(model, instance, exclude=exclude)


class Form(Protocol):
    """What we need of a form: the names of its fields, and a way to put a message at one."""

    fields: Any

    def add_error(self, field: str | None, error: str) -> None: ...


@contextmanager
def shown_on(form: Form, *refusals: type[errors.DomainError]) -> Iterator[None]:
    """Put the messages of Invalid, and of further kinds of refusal, at the fields of a form instead of raising."""
    kinds: tuple[type[errors.DomainError], ...] = (errors.Invalid, *refusals)
    try:
        yield
    except kinds as refusal:
        for found in refusal.errors or (errors.FieldError("", refusal.message),):
            form.add_error(found.field if found.field in form.fields else None, found.detail)
