"""What those who look after security say."""

from django import forms


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=500, help_text="Kept in the audit trail")
