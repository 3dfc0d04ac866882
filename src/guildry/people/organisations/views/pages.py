"""Finding, reading, founding and editing organisations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from guildry.kernel import errors, text
from guildry.kernel.permissions import MemberRequest, needs, public, viewer_of
from guildry.kernel.validation import shown_on
from guildry.people.organisations import actions, queries
from guildry.people.organisations.forms import (
    DirectoryForm,
    EditForm,
    FoundForm,
    MarkForm,
    NoteForm,
    OversightForm,
)
from guildry.people.organisations.models import Organisation
from guildry.people.organisations.views.shared import cards, opened
from guildry.platform.files.queries import most_megabytes
from guildry.ui.pages import render

EDITED = ("name", "kind", "tagline", "story", "place", "website", "size", "founded", "accepts_requests")


@public
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    form = DirectoryForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = queries.directory(
        viewer_of(request), text=chosen.get("q", ""), kind=chosen.get("kind", ""),
        place=chosen.get("place", ""), cursor=chosen.get("cursor", ""),
    )  # fmt: skip
    shown = {key: value for key, value in chosen.items() if value and key != "cursor"}
    context = {"page": page, "form": form, "shown": shown, "kinds": Organisation.Kind.choices}
    block = "results" if getattr(request, "htmx", False) else None
    return render(request, "organisations/directory.html", context, block=block)


@public
@require_GET
def organisation(request: HttpRequest, handle: str) -> HttpResponse:
    found, standing = opened(request, handle)
    block = "card" if getattr(request, "htmx", False) else None
    context = {**_shown(request, found, standing), "oversight_form": OversightForm()}
    return render(request, "organisations/organisation.html", context, block=block)


def _shown(request: HttpRequest, found: Organisation, standing: queries.Standing) -> dict[str, Any]:
    return {
        "organisation": found,
        "standing": standing,
        "story": Markup(text.to_html(found.story)),  # noqa: S704 - cleaned there
        "leaders": queries.leaders_of(found),
        "note_form": NoteForm(),
        "actions": cards(request, "organisation"),
        "posts": cards(request, "organisation.main"),
        "beside": cards(request, "organisation.aside"),
    }


@needs("organisations.oversee")
@require_POST
def oversight(request: MemberRequest, handle: str) -> HttpResponse:
    subject, standing = opened(request, handle)
    form = OversightForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.begin_oversight(request.user, organisation_id=subject.pk, **form.cleaned_data)
            messages.success(request, f"For half an hour you act as an owner of {subject.name}.")
            return redirect("organisations:organisation", handle=handle)
    context = {**_shown(request, subject, standing), "oversight_form": form}
    return render(request, "organisations/organisation.html", context, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: MemberRequest) -> HttpResponse:
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            made = actions.found_organisation(request.user, **form.cleaned_data)
            messages.success(request, f"{made.name} is open. Invite the people who belong to it.")
            return redirect("organisations:organisation", handle=made.handle)
    return render(request, "organisations/found.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, handle: str) -> HttpResponse:
    subject, standing = opened(request, handle, right="edit")
    form = EditForm(request.POST or None, initial={key: getattr(subject, key) for key in EDITED})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.edit_organisation(request.user, organisation_id=subject.pk, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("organisations:organisation", handle=handle)
    context = {
        "organisation": subject,
        "standing": standing,
        "form": form,
        "mark_form": MarkForm(),
        **_limits(),
    }
    return render(request, "organisations/edit.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def mark(request: MemberRequest, handle: str) -> HttpResponse:
    subject, standing = opened(request, handle, right="edit")
    form = MarkForm(request.POST, request.FILES)
    is_removal = "remove" in request.POST
    if is_removal or form.is_valid():
        with shown_on(form, errors.DomainError):
            file = None if is_removal else form.cleaned_data["file"]
            actions.choose_mark(request.user, organisation_id=subject.pk, file=file)
            messages.success(
                request, "The drawn mark is back." if is_removal else "The new mark is in place."
            )
            return redirect("organisations:edit", handle=handle)
    edit_form = EditForm(initial={key: getattr(subject, key) for key in EDITED})
    context = {
        "organisation": subject,
        "standing": standing,
        "form": edit_form,
        "mark_form": form,
        **_limits(),
    }
    return render(request, "organisations/edit.html", context, status=422)


@login_required
@require_POST
def closure(request: MemberRequest, handle: str) -> HttpResponse:
    subject, _ = opened(request, handle)
    actions.close_organisation(request.user, organisation_id=subject.pk)
    messages.success(request, f"{subject.name} is closed. You can open it again at any time.")
    return redirect("organisations:mine")


@login_required
@require_POST
def reopening(request: MemberRequest, handle: str) -> HttpResponse:
    subject, _ = opened(request, handle)
    actions.reopen_organisation(request.user, organisation_id=subject.pk)
    messages.success(request, f"{subject.name} is open again.")
    return redirect("organisations:organisation", handle=handle)


def _limits() -> dict[str, int]:
    return {"megabytes": most_megabytes("organisations.mark")}
