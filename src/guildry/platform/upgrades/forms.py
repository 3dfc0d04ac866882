"""What staff say when a backfill shall rest or go on."""

from django import forms


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept in the audit trail.",
        error_messages={"required": "Reason: fill this in."},
    )
