"""What operators type to change what is configured."""

from datetime import timedelta
from typing import Any

from django import forms

from guildry.kernel import errors
from guildry.kernel.configuration import Setting

LIFETIMES = (("15", "15 minutes"), ("60", "An hour"), ("240", "Four hours"), ("1440", "A day"))
WHY = "It stays in the history."


class _Refusable(forms.Form):
    """A form that shows refusals of an action at the fields they name, or above."""

    def refuse(self, refusal: errors.DomainError) -> None:
        for entry in refusal.errors or (errors.FieldError("", refusal.message),):
            field = entry.field if entry.field in self.fields else None
            if field is None and "value" in self.fields and "." in entry.field:
                field = "value"
            self.add_error(field, entry.detail[:1].upper() + entry.detail[1:])


class ReasonForm(_Refusable):
    reason = forms.CharField(
        label="Reason", max_length=500, help_text=WHY, widget=forms.Textarea(attrs={"rows": 2})
    )


class NoteForm(_Refusable):
    note = forms.CharField(
        label="Note", max_length=500, required=False, help_text=WHY, widget=forms.Textarea(attrs={"rows": 2})
    )


class BasketForm(ReasonForm):
    """The last step of changes: why, and at once or at a time."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    due_at = forms.DateTimeField(
        label="Apply at",
        required=False,
        help_text="Leave it empty to apply at once. The time is that of your time zone.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ReviewForm(BasketForm):
    """The last step of a change of one key."""

    value = forms.CharField(required=False, widget=forms.HiddenInput)


class ValueForm(_Refusable):
    """The first step: another value of one key."""

    def __init__(self, setting: Setting, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["value"] = value_field(setting)


class OverrideForm(ReasonForm):
    """A value above all others for a while."""

    lifetime = forms.ChoiceField(label="For", choices=LIFETIMES, initial="60")

    def __init__(self, setting: Setting, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["value"] = value_field(setting)
        self.order_fields(["value", "lifetime", "reason"])

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=int(self.cleaned_data["lifetime"]))


def value_field(setting: Setting) -> forms.Field:
    """Return the field that takes texts of one key."""
    if setting.kind is bool:
        return forms.ChoiceField(label="Value", choices=(("1", "On"), ("0", "Off")))
    if setting.choices:
        return forms.ChoiceField(label="Value", choices=[(choice, choice) for choice in setting.choices])
    is_number = setting.kind in (int, float)
    attributes = {
        "spellcheck": "false",
        "autocomplete": "off",
        "inputmode": "decimal" if is_number else "text",
    }
    return forms.CharField(
        label="Value", required=setting.kind is not str, widget=forms.TextInput(attrs=attributes)
    )
