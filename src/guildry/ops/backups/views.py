"""Pages of backups: what there is and how it fared, one that is ordered, and one that is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guildry.kernel import clock, permissions
from guildry.kernel.permissions import MemberRequest
from guildry.ops.backups import actions, queries
from guildry.ops.backups.forms import HoldForm, OrderForm
from guildry.ui.pages import render


@permissions.needs("backups.read")
@require_http_methods(["GET", "HEAD", "POST"])
def timeline(request: MemberRequest) -> HttpResponse:
    """Show the backups, and take an order for another one."""
    form = OrderForm(request.POST) if request.method == "POST" else OrderForm()
    if form.is_bound and form.is_valid():
        actions.order_backup(request.user, **form.cleaned_data)
        messages.success(request, "It is being made. Reload this page in a moment to see how it fares.")
        return _see("backups:timeline")
    page = queries.on_record(request.user, cursor=request.GET.get("cursor", ""))
    is_more = bool(request.htmx and request.GET.get("cursor"))  # type: ignore[attr-defined]
    context = {
        "page": page,
        "form": form,
        "standing": queries.standing(),
        "may_make": permissions.has(request.user, "backups.make"),
    }
    status = 422 if form.errors else 200
    return render(request, "backups/timeline.html", context, block="rows" if is_more else None, status=status)


@permissions.needs("backups.read")
@require_safe
def backup(request: MemberRequest, called: str) -> HttpResponse:
    return _backup(request, called, HoldForm())


@permissions.needs("backups.prune")
@require_POST
def hold(request: MemberRequest, called: str) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _backup(request, called, form, status=422)
    found = queries.backup_shown(request.user, called)
    actions.hold_backup(request.user, backup=found, reason=form.cleaned_data["reason"])
    messages.success(request, "It is kept whatever its age.")
    return _see("backups:backup", called=called)


@permissions.needs("backups.prune")
@require_POST
def hold_end(request: MemberRequest, called: str) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _backup(request, called, form, status=422)
    found = queries.backup_shown(request.user, called)
    actions.hold_backup(request.user, backup=found, reason=form.cleaned_data["reason"], is_held=False)
    messages.success(request, "It goes when its time is over.")
    return _see("backups:backup", called=called)


def _backup(request: MemberRequest, called: str, form: HoldForm, status: int = 200) -> HttpResponse:
    found = queries.backup_shown(request.user, called)
    context: dict[str, Any] = {
        "backup": found,
        "drills": queries.drills_of(found),
        "manifest": queries.manifest_shown(found),
        "reasons": queries.reasons_to_keep(found),
        "example": f"{clock.now():%Y-%m-%dT%H:%M:%S+00:00}",
        "form": form,
        "may_hold": permissions.has(request.user, "backups.prune"),
    }
    return render(request, "backups/backup.html", context, status=status)


def _see(address: str, **named: str) -> HttpResponse:
    answer = HttpResponseRedirect(reverse(address, kwargs=named))
    answer.status_code = 303
    return answer
