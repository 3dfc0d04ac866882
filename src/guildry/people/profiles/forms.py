"""What members type about themselves."""

from typing import Any

from django import forms

from guildry.kernel.money import EXPONENTS, Money
from guildry.people.accounts.models import Hat
from guildry.people.profiles import queries, rules
from guildry.people.profiles.models import Availability, Level


class MonthField(forms.DateField):
    """A month, as browsers send it: 2026-11."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "2026-11"})

    def __init__(self, **named: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d", "%m/%Y"], **named)


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class BasicsForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name")
    headline = forms.CharField(max_length=140, required=False, label="Headline")


class StoryForm(forms.Form):
    story = forms.CharField(
        max_length=6000, required=False, label="Story", widget=forms.Textarea(attrs={"rows": 10})
    )
    place = forms.CharField(max_length=80, required=False, label="Place")


class AvailabilityForm(forms.Form):
    """When and for how much; rates are typed as amounts and kept in minor units."""

    availability = forms.ChoiceField(
        choices=[("", "Not said"), *Availability.choices], required=False, label="Availability"
    )
    available_on = DayField(required=False, label="Free from")
    hours_per_week = forms.IntegerField(required=False, min_value=1, max_value=80, label="Hours a week")
    day_rate = forms.CharField(max_length=14, required=False, label="Day rate")
    hour_rate = forms.CharField(max_length=14, required=False, label="Hour rate")
    currency = forms.ChoiceField(choices=[(code, code) for code in EXPONENTS], label="Currency")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        currency = given.pop("currency", "")
        for field in ("day_rate", "hour_rate"):
            given[field] = self._money(field, given.get(field, ""), currency)
        return given

    def _money(self, field: str, typed: str, currency: str) -> Money | None:
        if not typed or not currency:
            return None
        try:
            return Money.parse(typed, currency)
        except ValueError:
            self.add_error(field, f"Enter an amount in {currency}, such as {_example(currency)}.")
            return None


class SkillForm(forms.Form):
    name = forms.CharField(
        max_length=80, label="Skill", widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"})
    )


class ExperienceForm(forms.Form):
    title = forms.CharField(max_length=80, label="What you did")
    organisation_name = forms.CharField(max_length=80, required=False, label="Where")
    place = forms.CharField(max_length=80, required=False, label="Place")
    started_on = MonthField(label="From")
    ended_on = MonthField(required=False, label="Until")
    description = forms.CharField(
        max_length=2000, required=False, label="In a few words", widget=forms.Textarea(attrs={"rows": 4})
    )


class QualificationForm(forms.Form):
    title = forms.CharField(max_length=120, label="Title")
    awarded_by = forms.CharField(max_length=120, required=False, label="Awarded by")
    awarded_on = MonthField(required=False, label="Awarded in")
    expires_on = MonthField(required=False, label="Expires in")
    reference = forms.URLField(
        max_length=200, required=False, label="Where to check it", assume_scheme="https"
    )


class PortfolioForm(forms.Form):
    title = forms.CharField(max_length=120, label="Title")
    description = forms.CharField(
        max_length=2000, required=False, label="What it was", widget=forms.Textarea(attrs={"rows": 4})
    )
    url = forms.URLField(max_length=200, required=False, label="Address", assume_scheme="https")
    upload = forms.FileField(required=False, label="Picture or PDF")
    alt = forms.CharField(max_length=300, required=False, label="What the picture shows")


class LanguageForm(forms.Form):
    code = forms.ChoiceField(label="Language")
    level = forms.ChoiceField(choices=Level.choices, label="Level")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [("", "Choose a language"), *queries.language_names().items()]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    label = forms.CharField(max_length=40, label="Name")
    url = forms.URLField(max_length=200, label="Address", assume_scheme="https")


class PortraitForm(forms.Form):
    file = forms.FileField(label="Picture")


class VisibilityForm(forms.Form):
    """Who sees each section; the names of the fields are those of the sections."""

    is_listed = forms.BooleanField(required=False, label="List me in the directory of people")
    is_indexable = forms.BooleanField(required=False, label="Let search engines show my profile")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [(audience.value, audience.label) for audience in rules.Audience]
        for section in rules.SECTIONS:
            self.fields[section] = forms.ChoiceField(choices=choices, label=section.capitalize())

    def audiences(self) -> dict[str, str]:
        return {section: self.cleaned_data[section] for section in rules.SECTIONS}


class DirectoryForm(forms.Form):
    """What a reader narrows the list of people by."""

    is_search = True

    q = forms.CharField(max_length=80, required=False, label="Name or words")
    skill = forms.CharField(max_length=100, required=False, label="Skill")
    place = forms.CharField(max_length=80, required=False, label="Place")
    hat = forms.ChoiceField(choices=[("", "Everybody"), *Hat.choices], required=False, label="Hat")
    availability = forms.ChoiceField(
        choices=[("", "Any"), *Availability.choices], required=False, label="Availability"
    )
    cursor = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)


def _example(currency: str) -> str:
    return "450.00" if EXPONENTS[currency] == 2 else "45000"
