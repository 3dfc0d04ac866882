"""What members type into the pages of the Timeline, turned into compositions."""

from datetime import datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from guildry.community.timeline import rules
from guildry.community.timeline.models import Draft
from guildry.community.timeline.queries import organisations_to_write_for
from guildry.community.timeline.rules import Audience, Composition, Picture, PollPlan, ReactionKind
from guildry.kernel import errors
from guildry.platform.files.queries import address_of

DAYS = [(1, "1 day"), (3, "3 days"), (7, "1 week"), (14, "2 weeks"), (30, "30 days")]


class ComposerForm(forms.Form):
    """The composer: text, readers, pictures already stored, and a poll when its question or an answer is filled in."""

    body = forms.CharField(
        label="Your post",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "maxlength": rules.POST_LENGTH,
                "dir": "auto",
                "placeholder": "What are you working on?",
            }
        ),
    )
    audience = forms.ChoiceField(label="Who can read it", initial=Audience.EVERYONE)
    poll_question = forms.CharField(label="Question", required=False, strip=False, max_length=200)
    poll_options = forms.CharField(required=False)
    poll_days = forms.TypedChoiceField(label="Open for", choices=DAYS, coerce=int, initial=3, required=False)
    pictures = forms.CharField(required=False)
    scheduled_for = forms.CharField(
        label="Publish at", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    data: QueryDict

    def __init__(self, data: QueryDict | None = None, *, member: Any, draft: Draft | None = None) -> None:
        super().__init__(data, initial=_initial(draft, member) if draft else None)
        self.member, self.draft = member, draft
        self.fields["audience"].choices = audience_choices(member)  # type: ignore[attr-defined]

    def clean_scheduled_for(self) -> datetime | None:
        """Read the moment in the member's own time zone."""
        given = self.cleaned_data["scheduled_for"]
        try:
            return (
                datetime.fromisoformat(given).replace(tzinfo=ZoneInfo(self.member.time_zone))
                if given
                else None
            )
        except ValueError:
            raise forms.ValidationError("Choose a day and a time.") from None

    @property
    def composition(self) -> Composition:
        audience, _, organisation = self.cleaned_data["audience"].partition(":")
        return Composition(
            body=self.cleaned_data["body"],
            audience=Audience(audience),
            organisation_id=int(organisation) if organisation else None,
            pictures=tuple(self.chosen_pictures),
            poll=self.poll,
        )

    @property
    def chosen_pictures(self) -> list[Picture]:
        """The stored pictures in their order, without those ticked for removal."""
        if not self.is_bound:
            return list(self.draft.composition.pictures) if self.draft else []
        listed = [
            self.data.getlist(f"picture_{name}") for name in ("key", "description", "focus_x", "focus_y")
        ]
        gone = set(self.data.getlist("picture_gone"))
        return [
            Picture(key, description, _percent(focus_x), _percent(focus_y))
            for key, description, focus_x, focus_y in zip_longest(*listed, fillvalue="")
            if key and key not in gone
        ]

    @property
    def picture_fields(self) -> list[tuple[Picture, str]]:
        """The pictures with the addresses that show them."""
        return [(picture, address_of(picture.key, width=640)) for picture in self.chosen_pictures]

    @property
    def answer_fields(self) -> list[str]:
        """The answers and empty fields for more, four at least and six at most."""
        answers = self.poll_answers
        return [*answers, *[""] * (min(max(4, len(answers) + 1), 6) - len(answers))]

    @property
    def poll_answers(self) -> list[str]:
        if self.is_bound:
            return self.data.getlist("poll_options")
        poll = self.draft.composition.poll if self.draft else None
        return list(poll.options) if poll else []

    @property
    def poll(self) -> PollPlan | None:
        question = self.cleaned_data["poll_question"]
        answers = tuple(answer for answer in self.poll_answers if answer.strip())
        days = self.cleaned_data["poll_days"] or 3
        return PollPlan(question, answers, days) if question.strip() or answers else None

    def refuse(self, refusal: errors.DomainError) -> None:
        """Show a refusal at the fields it names, or above the form."""
        for error in refusal.errors or (errors.FieldError("", refusal.message),):
            self.add_error(error.field if error.field in self.fields else None, error.detail)


class TextForm(forms.Form):
    """One text: the new version of a post, a comment, or the note of a repost."""

    body = forms.CharField(
        label="Text", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    data: QueryDict

    def refuse(self, refusal: errors.DomainError) -> None:
        for error in refusal.errors or (errors.FieldError("", refusal.message),):
            self.add_error("body" if error.field == "body" else None, error.detail)


class ReactionForm(forms.Form):
    """A kind of reaction; empty takes it back."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in ReactionKind], required=False)


class VoteForm(forms.Form):
    option = forms.IntegerField(error_messages={"required": "Choose one of the answers."})


class KeepForm(forms.Form):
    """Whether something is to be so: saved, followed, put aside."""

    keep = forms.BooleanField(required=False)


def audience_choices(member: Any) -> list[tuple[str, str]]:
    """Return everybody, connections, and each organisation the member may write for."""
    groups = [
        (f"{Audience.ORGANISATION}:{group.pk}", group.name) for group in organisations_to_write_for(member)
    ]
    return [(Audience.EVERYONE, "Everyone"), (Audience.CONNECTIONS, "My connections"), *groups]


def audience_value(draft: Draft) -> str:
    return f"{draft.audience}:{draft.organisation_id}" if draft.organisation_id else draft.audience


def _initial(draft: Draft, member: Any) -> dict[str, Any]:
    poll = draft.composition.poll
    moment = draft.scheduled_for and draft.scheduled_for.astimezone(ZoneInfo(member.time_zone))
    return {
        "body": draft.body,
        "audience": audience_value(draft),
        "poll_question": poll.question if poll else "",
        "poll_days": poll.days if poll else 3,
        "scheduled_for": moment.strftime("%Y-%m-%dT%H:%M") if moment else "",
        "version": draft.version,
    }


def _percent(text: str) -> int:
    return min(int(text), 100) if text.isdecimal() else 50
