"""What the gallery shows: one specimen of everything, with names and figures that claim nothing."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms

from guildry.kernel import clock
from guildry.ui.charts import Series


@dataclass(frozen=True)
class Specimen:
    """Stands in for a member or an organisation where a component needs one."""

    handle: str
    name: str
    headline: str = ""
    portrait: str = ""
    mark: str = ""
    hats: list[str] = field(default_factory=list)


class SpecimenForm(forms.Form):
    headline = forms.CharField(
        label="Headline", help_text="Shown in search and beside your posts", max_length=140
    )
    day_rate = forms.IntegerField(label="Day rate", min_value=1, widget=forms.TextInput)
    availability = forms.ChoiceField(
        label="Availability", choices=[("now", "Now"), ("january", "Free from January")], required=False
    )
    starts_on = forms.DateField(label="Start", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    skill = forms.CharField(label="Skill", required=False)
    note = forms.CharField(
        label="Cover note", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1200
    )
    story = forms.CharField(label="Story", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    notify = forms.MultipleChoiceField(
        label="Notify me about",
        choices=[("mentions", "Mentions"), ("digest", "A weekly digest")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    audience = forms.ChoiceField(
        label="Who may see it",
        choices=[("all", "Everyone"), ("near", "Connections")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="Send me a copy", required=False)
    is_public = forms.BooleanField(
        label="Show my rate publicly", help_text="Members always see it", required=False
    )


PEOPLE = tuple(
    Specimen(name.lower().replace(" ", "_"), name)
    for name in (
        "Ada Nwosu",
        "Jonas Lindqvist",
        "Priya Raman",
        "Noor Haddad",
        "Mei Tanaka",
        "Luca Ferri",
        "Ines Duarte",
    )
)
GUILDS = tuple(
    Specimen(name.lower().replace(" ", "_"), name)
    for name in ("Design Guild", "Timber Works", "Leeds Alumni", "Mentor Circle", "Open Ledger")
)
WEEKS = tuple(f"W{number}" for number in range(40, 48))


def specimens() -> dict[str, Any]:
    """Return the context of the gallery page."""
    now = clock.now()
    initial = {
        "headline": "Brand strategist for co-ops",
        "audience": "all",
        "notify": ["mentions"],
        "is_public": True,
    }
    return {
        "people": PEOPLE,
        "guilds": GUILDS,
        "form": SpecimenForm(initial=initial, prefix="a"),
        "wrong": SpecimenForm({"b-headline": "", "b-day_rate": "0", "b-audience": "all"}, prefix="b"),
        "moments": [now - timedelta(seconds=5), now - timedelta(minutes=48), now - timedelta(days=3), now - timedelta(days=400), now + timedelta(hours=19)],
        "weeks": WEEKS,
        "stacked": (
            Series("Followed", (4, 5, 4, 6, 7, 6, 8, 9)),
            Series("Answered", (9, 8, 11, 10, 12, 13, 12, 14)),
            Series("Viewed", (14, 15, 13, 17, 16, 19, 20, 21)),
        ),
        "lines": (
            Series("Posts", (31, 42, 40, 53, 61, 54, 73, 70), "area"),
            Series("Comments", (20, 22, 31, 30, 26, 38, 34, 46), "line"),
            Series("Expected", (34, 39, 44, 50, 56, 61, 67, 73), "dash"),
        ),
        "shares_of": (("Posts", 52, "52%"), ("Comments", 27, "27%"), ("Reposts", 13, "13%"), ("Polls", 8, "8%")),
        "line": (4, 5, 4.6, 6, 7.2, 6.8, 8, 9.4, 9, 10.6, 11.4, 12.5),
    }  # fmt: skip
