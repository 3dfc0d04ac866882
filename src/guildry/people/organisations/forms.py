"""What people type about organisations."""

from typing import Any

from django import forms

from guildry.people.organisations.models import Organisation, Role, Size


class EditForm(forms.Form):
    """What an organisation says of itself."""

    name = forms.CharField(max_length=80, label="Name")
    kind = forms.ChoiceField(choices=Organisation.Kind.choices, label="Kind")
    tagline = forms.CharField(max_length=140, required=False, label="Tagline")
    story = forms.CharField(
        max_length=6000, required=False, label="Story", widget=forms.Textarea(attrs={"rows": 8})
    )
    place = forms.CharField(max_length=80, required=False, label="Place")
    website = forms.URLField(max_length=200, required=False, label="Website", assume_scheme="https")
    size = forms.ChoiceField(choices=[("", "Not said"), *Size.choices], required=False, label="Size")
    founded = forms.IntegerField(required=False, min_value=1000, max_value=9999, label="Founded in")
    accepts_requests = forms.BooleanField(required=False, label="People may ask to join", initial=True)


class FoundForm(EditForm):
    """A new organisation."""

    handle = forms.CharField(max_length=30, label="Handle")
    field_order = ("name", "handle", "kind", "tagline")


class MarkForm(forms.Form):
    file = forms.FileField(label="Picture")


class InviteForm(forms.Form):
    """One invitation; the roles on offer are those the inviter may give."""

    to = forms.CharField(max_length=254, label="Handle or e-mail address")
    role = forms.ChoiceField(label="Role")
    note = forms.CharField(
        max_length=500, required=False, label="Note", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *arguments: Any, roles: tuple[str, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]  # type: ignore[attr-defined]
        if "member" in roles:
            self.fields["role"].initial = "member"


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, label="Role")
    title = forms.CharField(max_length=80, required=False, label="Title")


class OversightForm(forms.Form):
    reason = forms.CharField(
        max_length=500, label="Reason", help_text="Kept in the audit trail with everything you change here."
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        max_length=500, required=False, label="Note", widget=forms.Textarea(attrs={"rows": 3})
    )


class DirectoryForm(forms.Form):
    """What a reader narrows the list of organisations by."""

    is_search = True

    q = forms.CharField(max_length=80, required=False, label="Name or words")
    kind = forms.ChoiceField(
        choices=[("", "All kinds"), *Organisation.Kind.choices], required=False, label="Kind"
    )
    place = forms.CharField(max_length=80, required=False, label="Place")
    cursor = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)
