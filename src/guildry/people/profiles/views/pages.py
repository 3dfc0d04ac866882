"""Finding people and reading their profiles."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from markupsafe import Markup

from guildry.kernel import clock, text
from guildry.kernel.permissions import public, viewer_of
from guildry.people.accounts.models import Hat
from guildry.people.profiles import queries, rules
from guildry.people.profiles.forms import DirectoryForm
from guildry.people.profiles.models import Availability
from guildry.people.profiles.queries import Sheet
from guildry.people.profiles.views.shared import amount, cards, cards_for_each, helpers
from guildry.platform.realtime import queries as realtime
from guildry.ui.pages import render


@public
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    form = DirectoryForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = queries.search_people(viewer_of(request), **chosen)
    found_ids = [card.member.pk for card in found.page.items]
    shown = {key: value for key, value in chosen.items() if value and key != "cursor"}
    context = {
        "form": form,
        "shown": shown,
        "found": found,
        "actions": cards_for_each(request, "people", [card.member for card in found.page.items]),
        "available": {card.member.pk: said_availability(card) for card in found.page.items},
        "present_ids": realtime.seen_present(viewer_of(request), found_ids),
    }
    block = "results" if getattr(request, "htmx", False) else None
    return render(request, "profiles/directory.html", context, block=block)


@public
@require_GET
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    sheet = queries.sheet(viewer_of(request), handle)
    request.subject = sheet.member  # type: ignore[attr-defined]
    steps = queries.steps_of(sheet) if sheet.is_own else ()
    context = {
        "sheet": sheet,
        "story": Markup(text.to_html(sheet.profile.story if sheet.shows("story") else "")),  # noqa: S704 - cleaned there
        "languages": queries.language_names(),
        "pictures": queries.pictures_of(sheet),
        "steps": [step for step in steps if not step.is_done][:3],
        "completeness": rules.completeness(steps),
        "actions": cards(request, "profile"),
        "more": cards(request, "profile.main"),
        "beside": cards(request, "profile.aside"),
        "present_ids": realtime.seen_present(viewer_of(request), [sheet.member.pk]),
        "structured": structured(sheet) if sheet.is_indexable else None,
        **told(sheet),
        **helpers(),
    }
    block = "card" if getattr(request, "htmx", False) else None
    response = render(request, "profiles/profile.html", context, block=block)
    if not sheet.is_indexable:
        response["X-Robots-Tag"] = "noindex"
    return response


@public
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("name") or request.GET.get("skill") or ""
    found = queries.suggest_skills(typed[:80], 8)
    return render(request, "profiles/_suggestions.html", {"suggestions": found, "typed": typed})


def told(sheet: Sheet) -> dict[str, Any]:
    """Return the head of a profile in words: hats, availability, rates, and the time where the member is."""
    profile = sheet.profile
    is_free = sheet.shows("availability") and profile.availability
    rates = [("A day", amount(profile.day_rate)), ("An hour", amount(profile.hour_rate))]
    facts = [(label, value) for label, value in rates if value] if sheet.shows("rates") else []
    if is_free and profile.hours_per_week:
        facts.append(("A week", f"{profile.hours_per_week} hours"))
    now = clock.now().astimezone(ZoneInfo(sheet.member.time_zone))
    return {
        "hats": [Hat(hat).label for hat in sheet.member.hats],
        "availability": said_availability(profile) if is_free else "",
        "availability_tone": "success" if profile.availability in ("open", "soon") else "",
        "facts": facts,
        "local_time": f"{now:%H:%M}" if sheet.shows("place") and profile.place else "",
    }


def said_availability(of: Any) -> str:
    """Return what a profile or a card says of when its member is free; whoever is free soon says from when."""
    if of.availability == Availability.SOON and of.available_on:
        return f"Free from {of.available_on:%-d %B}"
    return str(Availability(of.availability).label) if of.availability else ""


def structured(sheet: Sheet) -> dict[str, Any]:
    """Return what search engines are told of a member who lets them: only what everybody may see."""
    person: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": sheet.member.name,
        "description": sheet.member.headline,
        "url": settings.ORIGIN + reverse("profiles:profile", kwargs={"handle": sheet.member.handle}),
    }
    public_facts: dict[str, dict[str, Any]] = {
        "place": {"homeLocation": {"@type": "Place", "name": sheet.profile.place}},
        "skills": {"knowsAbout": [entry.skill.label for entry in sheet.skills]},
        "languages": {"knowsLanguage": [language.code for language in sheet.languages]},
        "links": {"sameAs": [link.url for link in sheet.links]},
    }
    for section, told in public_facts.items():
        if getattr(sheet.profile, f"{section}_shown_to") == rules.Audience.EVERYONE:
            person.update(told)
    return person
