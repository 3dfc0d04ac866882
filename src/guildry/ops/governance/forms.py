"""What staff and members say about data."""

from datetime import timedelta
from typing import Any

from django import forms

from guildry.kernel import clock
from guildry.ops.governance import queries


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept in the audit trail.",
        error_messages={"required": "Reason: fill this in."},
    )


class HoldForm(ReasonForm):
    handle = forms.CharField(
        label="Member", max_length=31, required=False, help_text="Their handle, or leave it empty."
    )
    table = forms.ChoiceField(label="Table", required=False, help_text="Everything in it, or leave it empty.")
    review_on = forms.DateField(
        label="Look at it again on",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Look at it again on: choose a day.", "invalid": "Choose a day."},
    )

    field_order = ("handle", "table", "reason", "review_on")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices: Any = self.fields["table"]
        choices.choices = [("", "No table"), *((table, table) for table in queries.tables())]
        self.fields["review_on"].initial = clock.now().date() + timedelta(days=90)


class ErasureForm(forms.Form):
    wish = forms.CharField(
        label="Why do you leave?", max_length=300, required=False, help_text="Only if you like to say it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    understood = forms.BooleanField(
        label="I know that everything of mine is deleted and cannot be brought back",
        error_messages={"required": "Say that you know what that means."},
    )
