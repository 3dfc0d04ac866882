"""Every field that needs another look comes back in one refusal, shown where it was typed."""

import pytest
from django import forms

from guildry.kernel import errors, validation
from guildry.people.accounts.models import Member


class NameForm(forms.Form):
    name = forms.CharField(required=False)


def bound() -> NameForm:
    form = NameForm({"name": "Ada"})
    assert form.is_valid()
    return form


def test_one_refusal_names_every_field(db: None) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        validation.check(Member(handle="", name="", email="no"))

    assert {"handle", "name", "email"} <= {found.field for found in refusal.value.errors}


def test_fields_left_out_are_not_looked_at(db: None) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        validation.check(Member(handle="", name="Ada", email="no"), exclude={"handle"})

    assert "handle" not in {found.field for found in refusal.value.errors}


def test_what_belongs_to_no_field_of_the_form_stands_above_it() -> None:
    form = bound()
    found = (errors.FieldError("name", "Too short."), errors.FieldError("elsewhere", "Odd."))

    with validation.shown_on(form):
        raise errors.Invalid(errors=found)

    assert form.errors == {"name": ["Too short."], "__all__": ["Odd."]}


def test_other_refusals_are_shown_when_they_are_named() -> None:
    form = bound()

    with validation.shown_on(form, errors.Conflict):
        raise errors.Conflict("That changed meanwhile.")

    assert form.non_field_errors() == ["That changed meanwhile."]


def test_refusals_that_are_not_named_pass() -> None:
    with pytest.raises(errors.NotFound), validation.shown_on(bound()):
        raise errors.NotFound
