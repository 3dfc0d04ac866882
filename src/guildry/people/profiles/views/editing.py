"""Editing one's own profile, a page for each section; every form works without JavaScript."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest
from guildry.kernel.validation import shown_on
from guildry.people.accounts import actions as accounts
from guildry.people.profiles import actions, queries, rules
from guildry.people.profiles.forms import (
    AvailabilityForm,
    BasicsForm,
    PortraitForm,
    SkillForm,
    StoryForm,
    VisibilityForm,
)
from guildry.people.profiles.views.shared import helpers
from guildry.platform.files.queries import most_megabytes
from guildry.ui.pages import render


@login_required
@require_GET
def home(request: MemberRequest) -> HttpResponse:
    sheet = queries.own_sheet(request.user)
    steps = queries.steps_of(sheet)
    context = {
        "sheet": sheet,
        "steps": steps,
        "completeness": rules.completeness(steps),
        "current": "home",
        **helpers(),
    }
    return render(request, "profiles/home.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def basics(request: MemberRequest) -> HttpResponse:
    member = request.user
    form = BasicsForm(request.POST or None, initial={"name": member.name, "headline": member.headline})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            accounts.present_member(member, **form.cleaned_data)
            return _saved(request, "basics")
    return _page(request, "basics", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portrait(request: MemberRequest) -> HttpResponse:
    if "remove" in request.POST:
        actions.choose_portrait(request.user, file=None)
        return _saved(request, "portrait", "The drawn portrait is back.")
    form = PortraitForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form, errors.DomainError):
            actions.choose_portrait(request.user, file=form.cleaned_data["file"])
            return _saved(request, "portrait", "Your portrait is in place.")
    return _page(request, "portrait", form, megabytes=most_megabytes("profiles.portrait"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: MemberRequest) -> HttpResponse:
    profile = queries.profile_of(request.user)
    form = StoryForm(request.POST or None, initial={"story": profile.story, "place": profile.place})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.edit_story(request.user, **form.cleaned_data)
            return _saved(request, "story")
    return _page(request, "story", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: MemberRequest) -> HttpResponse:
    form = AvailabilityForm(request.POST or None, initial=queries.availability_of(request.user))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.edit_availability(request.user, **form.cleaned_data)
            return _saved(request, "availability")
    return _page(request, "availability", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def visibility(request: MemberRequest) -> HttpResponse:
    form = VisibilityForm(request.POST or None, initial=queries.visibility_of(request.user))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.choose_visibility(
                request.user,
                audiences=form.audiences(),
                is_listed=form.cleaned_data["is_listed"],
                is_indexable=form.cleaned_data["is_indexable"],
            )
            return _saved(request, "visibility")
    return _page(request, "visibility", form, sections=[form[section] for section in rules.SECTIONS])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skills(request: MemberRequest) -> HttpResponse:
    form = SkillForm(request.POST or None)
    meant: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_skill(request.user, name=form.cleaned_data["name"])
            return _saved(request, "skills", f"{added.skill.label} is on your profile.")
        except errors.Invalid as refusal:
            form.add_error("name", refusal.message)
            meant = getattr(refusal, "suggestions", [])
    return _page(request, "skills", form, meant=meant)


@login_required
@require_POST
def skill_removal(request: MemberRequest, skill_id: int) -> HttpResponse:
    actions.remove_skill(request.user, skill_id=skill_id)
    return redirect("profiles:skills")


@login_required
@require_POST
def skill_first(request: MemberRequest, skill_id: int) -> HttpResponse:
    actions.move_skill(request.user, skill_id=skill_id)
    return redirect("profiles:skills")


def _saved(request: HttpRequest, section: str, message: str = "Saved.") -> HttpResponse:
    messages.success(request, message)
    return redirect(f"profiles:{section}")


def _page(request: MemberRequest, section: str, form: forms.Form, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "sheet": queries.own_sheet(request.user),
        "current": section,
        **helpers(),
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"profiles/{section}.html", context, status=status)
