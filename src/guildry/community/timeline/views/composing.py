"""The composer, and what members have not published yet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildry.community.timeline import actions, queries
from guildry.community.timeline.actions.posts import IMAGE_USE
from guildry.community.timeline.forms import ComposerForm
from guildry.community.timeline.models import Draft
from guildry.community.timeline.views.answers import see
from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest
from guildry.platform.files.queries import most_megabytes
from guildry.ui.pages import render


@require_http_methods(["GET", "POST"])
@login_required
def compose(request: MemberRequest) -> HttpResponse:
    """A new post; once it has been kept, its form names the draft it is."""
    kept = request.POST.get("draft", "")
    return _composer(request, queries.draft_for(request.user, int(kept)) if kept.isdecimal() else None)


@require_http_methods(["GET", "POST"])
@login_required
def draft(request: MemberRequest, draft_id: int) -> HttpResponse:
    """A post already begun."""
    return _composer(request, queries.draft_for(request.user, draft_id))


@require_GET
@login_required
def drafts(request: MemberRequest) -> HttpResponse:
    return render(request, "timeline/drafts.html", {"drafts": queries.drafts_of(request.user)})


@require_POST
@login_required
def draft_deletion(request: MemberRequest, draft_id: int) -> HttpResponse:
    actions.discard_draft(request.user, draft_id=draft_id)
    messages.success(request, "Draft discarded.")
    return see(reverse("timeline:drafts"))


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """What the text will look like."""
    return render(
        request, "timeline/_preview.html", {"text": queries.rendered(request.POST.get("body", "")).text}
    )


def _composer(request: MemberRequest, kept: Draft | None) -> HttpResponse:
    """Show the composer, or do what the pressed button says with what is in it."""
    if request.method == "GET":
        return _page(request, ComposerForm(member=request.user, draft=kept), kept)
    form = ComposerForm(request.POST, member=request.user, draft=kept)
    intent = INTENTS.get(request.POST.get("intent", ""), _publish)
    try:
        if form.is_valid():
            return intent(request, form, kept)
    except (errors.Invalid, errors.Conflict, errors.TooMany, errors.Forbidden) as refusal:
        form.refuse(refusal)
    return _page(request, form, kept, status=422)


def _page(request: HttpRequest, form: ComposerForm, kept: Draft | None, status: int = 200) -> HttpResponse:
    block = "composer" if request.htmx else None  # type: ignore[attr-defined]
    megabytes = most_megabytes(IMAGE_USE)
    content = {"form": form, "draft": kept, "opens": request.GET.get("with", ""), "megabytes": megabytes}
    return render(request, "timeline/compose.html", content, block=block, status=status)


def _publish(request: MemberRequest, form: ComposerForm, kept: Draft | None) -> HttpResponse:
    if request.FILES:
        return _save(request, form, kept)
    post = actions.publish_post(
        request.user, composition=form.composition, draft_id=kept.pk if kept else None
    )
    undo = reverse("timeline:withdrawal", kwargs={"post_id": post.pk})
    messages.success(request, "Published.", extra_tags=f"undo:{undo}")
    return see(f"{reverse('timeline:home')}?tab=latest")


def _save(request: MemberRequest, form: ComposerForm, kept: Draft | None) -> HttpResponse:
    """Keep it as it is; new pictures come back to be described before anything is published."""
    kept = _kept(request, form, kept)
    if request.htmx and not request.FILES:  # type: ignore[attr-defined]
        return render(request, "timeline/_saved.html", {"draft": kept})
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, ComposerForm(member=request.user, draft=kept), kept)
    messages.success(request, "Describe your pictures, then publish." if request.FILES else "Draft saved.")
    return see(reverse("timeline:draft", kwargs={"draft_id": kept.pk}))


def _schedule(request: MemberRequest, form: ComposerForm, kept: Draft | None) -> HttpResponse:
    kept = _kept(request, form, kept)
    moment = form.cleaned_data["scheduled_for"]
    if moment is None:
        raise actions.MomentRefused(field="scheduled_for")
    actions.schedule_draft(request.user, draft_id=kept.pk, moment=moment)
    messages.success(request, "Scheduled.")
    return see(reverse("timeline:drafts"))


def _unschedule(request: MemberRequest, form: ComposerForm, kept: Draft | None) -> HttpResponse:
    kept = _kept(request, form, kept)
    actions.unschedule_draft(request.user, draft_id=kept.pk)
    messages.success(request, "It stays a draft until you publish it.")
    return see(reverse("timeline:draft", kwargs={"draft_id": kept.pk}))


INTENTS = {"save": _save, "schedule": _schedule, "unschedule": _unschedule}


def _kept(request: MemberRequest, form: ComposerForm, kept: Draft | None) -> Draft:
    """Save what is in the composer, and store the pictures that came with it."""
    saved = actions.save_draft(
        request.user,
        composition=form.composition,
        draft_id=kept.pk if kept else None,
        expected_version=form.cleaned_data["version"] if kept else None,
    )
    files: list[Any] = request.FILES.getlist("images")
    return actions.add_pictures(request.user, draft_id=saved.pk, files=files) if files else saved
