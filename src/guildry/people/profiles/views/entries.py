"""The sections that are lists: experience, qualifications, portfolio, languages and links."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.validation import shown_on
from guildry.people.profiles import actions, queries
from guildry.people.profiles.forms import (
    ExperienceForm,
    LanguageForm,
    LinkForm,
    PortfolioForm,
    QualificationForm,
)
from guildry.people.profiles.views.shared import helpers
from guildry.ui.pages import render


@dataclass(frozen=True)
class Section:
    """A list on a profile: how it is called, typed, added to and changed."""

    key: str
    title: str
    one: str
    advice: str
    form: type[forms.Form]
    add: Callable[..., Any]
    edit: Callable[..., Any] | None = None


EXPERIENCE = Section(
    "experience",
    "Experience",
    "an experience",
    "Paid or not, long or short. The newest comes first.",
    ExperienceForm,
    actions.add_experience,
    actions.edit_experience,
)
QUALIFICATIONS = Section(
    "qualifications",
    "Qualifications",
    "a qualification",
    "Degrees, certificates and licences. Guildry does not check them, so say where others can.",
    QualificationForm,
    actions.add_qualification,
    actions.edit_qualification,
)
PORTFOLIO = Section(
    "portfolio",
    "Portfolio",
    "a piece of work",
    "A link, a picture or a PDF. One good example is enough.",
    PortfolioForm,
    actions.add_portfolio_item,
    actions.edit_portfolio_item,
)
LANGUAGES = Section(
    "languages",
    "Languages",
    "a language",
    "Adding a language that is there already changes its level.",
    LanguageForm,
    actions.add_language,
)
LINKS = Section(
    "links", "Links", "a link", "Your own site, a repository, a register.", LinkForm, actions.add_link
)
SECTIONS = {spec.key: spec for spec in (EXPERIENCE, QUALIFICATIONS, PORTFOLIO, LANGUAGES, LINKS)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: MemberRequest, section: str) -> HttpResponse:
    spec = _spec(section)
    form = spec.form(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form, errors.DomainError):
            spec.add(request.user, **form.cleaned_data)
            messages.success(request, "Added.")
            return redirect("profiles:entries", section=section)
    return _page(request, spec, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: MemberRequest, section: str, entry_id: int) -> HttpResponse:
    spec = _spec(section)
    if spec.edit is None:
        raise Http404
    found = queries.own_entry(request.user, section, entry_id)
    initial = {name: getattr(found, name, "") for name in spec.form.base_fields}
    form = spec.form(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form, errors.DomainError):
            spec.edit(request.user, entry_id=entry_id, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("profiles:entries", section=section)
    return _page(request, spec, form, edited=found)


@login_required
@require_POST
def removal(request: MemberRequest, section: str, entry_id: int) -> HttpResponse:
    actions.remove_detail(request.user, section=_spec(section).key, entry_id=entry_id)
    messages.success(request, "Removed.")
    return redirect("profiles:entries", section=section)


def _spec(section: str) -> Section:
    if section not in SECTIONS:
        raise Http404
    return SECTIONS[section]


def _page(request: MemberRequest, spec: Section, form: forms.Form, edited: Any = None) -> HttpResponse:
    sheet = queries.own_sheet(request.user)
    context = {
        "form": form,
        "section": spec,
        "sheet": sheet,
        "current": spec.key,
        "edited": edited,
        "entries": sheet.entries(spec.key),
        "languages": queries.language_names(),
        **helpers(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "profiles/entries.html", context, status=status)
