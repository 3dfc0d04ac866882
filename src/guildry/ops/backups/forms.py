"""What staff say when they want a backup, or want one to be kept."""

from django import forms


class OrderForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept in the audit trail.",
        error_messages={"required": "Reason: fill this in."},
    )
    wants_drill = forms.BooleanField(
        label="Rehearse it at once",
        required=False,
        initial=True,
        help_text="Brought up in a throwaway place, compared row for row, and opened.",
    )


class HoldForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept in the audit trail.",
        error_messages={"required": "Reason: fill this in."},
    )
