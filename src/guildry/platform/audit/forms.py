"""What is asked of the trail."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms

from guildry.platform.audit import rules


class SearchForm(forms.Form):
    """Conditions on entries; days begin and end at midnight UTC."""

    who = forms.CharField(label="Who", max_length=40, required=False, help_text="A handle, or system")
    what = forms.CharField(label="What", max_length=80, required=False, help_text="Such as role granted")
    subject = forms.CharField(
        label="Acted on", max_length=120, required=False, help_text="Such as member:7 or a key"
    )
    trace = forms.CharField(
        label="Trace", max_length=64, required=False, help_text="As an error page or a log line names it"
    )
    since = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="UTC",
    )
    until = forms.DateField(
        label="Up to and with",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="UTC",
    )

    @property
    def search(self) -> rules.Search:
        """What is searched for; nothing in particular while something is wrong."""
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        for name, days in (("since", 0), ("until", 1)):
            if name in given:
                given[name] = datetime.combine(given[name], time(), UTC) + timedelta(days=days)
        return rules.Search(**given)

    @property
    def shown(self) -> dict[str, str]:
        """The conditions as they stand in an address."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class ExportForm(SearchForm):
    """A copy of what a search finds; the reason is asked for, the search is carried along."""

    format = forms.ChoiceField(label="Format", choices=[("csv", "CSV table"), ("json", "JSON")])
    reason = forms.CharField(label="Reason", max_length=500, help_text="Kept in the audit trail")

    @property
    def search(self) -> rules.Search:
        wanted = SearchForm({name: self.data.get(name, "") for name in SearchForm.base_fields})
        wanted.is_valid()
        return wanted.search
