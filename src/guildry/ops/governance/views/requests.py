"""The queue of what members asked for, and what two people decide about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from guildry.kernel import clock, permissions
from guildry.kernel.permissions import MemberRequest
from guildry.ops.governance import actions, queries
from guildry.ops.governance.forms import ReasonForm
from guildry.ops.governance.views.retention import see
from guildry.ui.pages import render


@permissions.needs("governance.read")
@require_safe
def requests(request: MemberRequest) -> HttpResponse:
    """Show what is open, with the days that are left, or what was answered."""
    is_open = request.GET.get("show") != "answered"
    page = queries.queue(request.user, is_open=is_open, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "is_open": is_open, "clock_for": queries.clock_for, "now": clock.now()}
    return render(request, "governance/requests.html", context)


@permissions.needs("governance.read")
@require_safe
def request(request: MemberRequest, reference: str) -> HttpResponse:
    return _shown(request, reference, ReasonForm())


@permissions.needs("governance.handle")
@require_POST
def plan(request: MemberRequest, reference: str) -> HttpResponse:
    return _decided(request, reference, actions.plan_erasure, "Planned. Somebody else approves it.")


@permissions.needs("governance.handle")
@require_POST
def approval(request: MemberRequest, reference: str) -> HttpResponse:
    return _decided(request, reference, actions.approve_erasure, "Approved. It is being carried out.")


@permissions.needs("governance.handle")
@require_POST
def refusal(request: MemberRequest, reference: str) -> HttpResponse:
    return _decided(request, reference, actions.refuse_erasure, "Refused. The member reads why.")


def _decided(request: MemberRequest, reference: str, act: Any, words: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, reference, form, status=422)
    found = queries.request_shown(request.user, reference)
    act(request.user, request_id=found.pk, reason=form.cleaned_data["reason"])
    messages.success(request, words)
    return see("governance:request", reference=reference)


def _shown(request: MemberRequest, reference: str, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    found = queries.request_shown(request.user, reference)
    context = {
        "found": found,
        "form": form,
        "clock": queries.clock_for(found),
        "steps": list(found.steps.order_by("position")),
        "is_held": queries.is_held(found.member_id),
        "may_handle": permissions.has(request.user, "governance.handle"),
        "is_planner": found.planned_by_id == request.user.pk,
        "has_cooled": found.cools_until is None or found.cools_until <= clock.now(),
    }
    return render(request, "governance/request.html", context, status=status)
