"""Pages of migrations: how the schema stands, what happens to it now, and each change with its steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import permissions
from guildry.kernel.permissions import MemberRequest
from guildry.platform.upgrades import actions, queries
from guildry.platform.upgrades.forms import ReasonForm
from guildry.ui.pages import render


@permissions.needs("migrations.read")
@require_safe
def board(request: MemberRequest) -> HttpResponse:
    if request.htmx and not request.GET.get("cursor"):  # type: ignore[attr-defined]
        context = {"live": queries.live(request.user), "resume": queries.RESUME}
        return render(request, "upgrades/board.html", context, block="now")
    return _board(request, ReasonForm())


@permissions.needs("migrations.read")
@require_safe
def change(request: MemberRequest, change_id: int) -> HttpResponse:
    told = queries.change_of(request.user, change_id)
    cursor = request.GET.get("cursor", "")
    context = {
        "told": told,
        "page": queries.steps_shown(told.change, cursor=cursor),
        "back": queries.way_back(told.change),
        "resume": queries.RESUME,
    }
    return render(request, "upgrades/change.html", context, block="rows" if cursor and request.htmx else None)  # type: ignore[attr-defined]


@permissions.needs("migrations.run")
@require_POST
def rest(request: MemberRequest) -> HttpResponse:
    """Have backfills rest after the chunk they are at."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _board(request, form, status=422)
    count = actions.pause_backfills(request.user, reason=form.cleaned_data["reason"])
    messages.success(request, "It rests after the rows it is at." if count else "No backfill is under way.")
    return HttpResponseRedirect(reverse("upgrades:board"), status=303)


@permissions.needs("migrations.run")
@require_POST
def rest_end(request: MemberRequest) -> HttpResponse:
    """Let backfills that rest go on when the schema is changed the next time."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _board(request, form, status=422)
    count = actions.resume_backfills(request.user, reason=form.cleaned_data["reason"])
    said = f"It goes on with the next start, or now with {queries.RESUME}." if count else "No backfill rests."
    messages.success(request, said)
    return HttpResponseRedirect(reverse("upgrades:board"), status=303)


def _board(request: MemberRequest, form: ReasonForm, status: int = 200) -> HttpResponse:
    plan = queries.plan_now()
    context: dict[str, Any] = {
        "plan": plan,
        "live": queries.live(request.user, plan),
        "page": queries.journal(request.user, cursor=request.GET.get("cursor", "")),
        "in_use": queries.in_use(),
        "copy": queries.copy_to_go_back_to(),
        "form": form,
        "resume": queries.RESUME,
        "may_run": permissions.has(request.user, "migrations.run"),
    }
    is_more = bool(request.htmx and request.GET.get("cursor"))  # type: ignore[attr-defined]
    return render(request, "upgrades/board.html", context, block="rows" if is_more else None, status=status)
