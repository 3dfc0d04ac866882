"""What staff say about an alert."""

from django import forms

from guildry.ops.alerts import rules


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=300,
        help_text="What it is, or who looks after it. Kept in the audit trail.",
    )


class SilenceForm(forms.Form):
    hours = forms.TypedChoiceField(
        label="For how long", choices=list(rules.SILENCES.items()), coerce=int, initial=1
    )
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept in the audit trail.",
        error_messages={"required": "Reason: fill this in."},
    )


class DeviceForm(forms.Form):
    endpoint = forms.CharField(max_length=1000)
    public_key = forms.CharField(max_length=100, required=False)
    auth = forms.CharField(max_length=40, required=False)
