"""What one writes to somebody one wants to connect with."""

from django import forms

from guildry.people.network import rules


class RequestForm(forms.Form):
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=rules.NOTE_LENGTH,
        widget=forms.Textarea({"rows": 4, "maxlength": rules.NOTE_LENGTH}),
        error_messages={"max_length": f"Keep the note to {rules.NOTE_LENGTH} characters."},
    )
