"""What goes when it is old enough, and what is held."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guildry.kernel import clock, errors, permissions
from guildry.kernel.permissions import MemberRequest
from guildry.ops.governance import actions, queries
from guildry.ops.governance.forms import HoldForm, ReasonForm
from guildry.people.accounts.queries import member_by_handle
from guildry.ui.pages import render


@permissions.needs("governance.read")
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: MemberRequest) -> HttpResponse:
    """Show what is due now and what earlier runs took; a run is ordered or rehearsed here."""
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        if "dry" in request.POST:
            actions.count_retention(request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "Counted. Nothing was taken away.")
        else:
            actions.apply_retention(request.user, reason=form.cleaned_data["reason"])
            messages.success(request, "What was old enough is gone; the proof is below.")
        return see("governance:retention")
    context = {
        "form": form,
        "due": queries.due_now(),
        "page": queries.runs(request.user, cursor=request.GET.get("cursor", "")),
        "may_retain": permissions.has(request.user, "governance.retain"),
    }
    return render(request, "governance/retention.html", context, status=422 if form.errors else 200)


@permissions.needs("governance.read")
@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: MemberRequest) -> HttpResponse:
    """Show what is held, and hold something more."""
    form = HoldForm(request.POST) if request.method == "POST" else HoldForm()
    if form.is_bound and form.is_valid() and _placed(request, form):
        messages.success(request, "It is held. Nothing of it goes until the hold is lifted.")
        return see("governance:holds")
    return _holds(request, form, ReasonForm(), status=422 if form.errors else 200)


@permissions.needs("governance.hold")
@require_POST
def hold_end(request: MemberRequest, hold_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _holds(request, HoldForm(), form, lifting=hold_id, status=422)
    actions.lift_hold(request.user, hold_id=hold_id, reason=form.cleaned_data["reason"])
    messages.success(request, "The hold is lifted. What is old enough goes with the next run.")
    return see("governance:holds")


def _placed(request: MemberRequest, form: HoldForm) -> bool:
    given = form.cleaned_data
    handle = given["handle"].strip().removeprefix("@").lower()
    member = member_by_handle(handle) if handle else None
    if handle and member is None:
        form.add_error("handle", "Nobody has that handle.")
        return False
    try:
        actions.place_hold(
            request.user, reason=given["reason"], review_on=given["review_on"], table=given["table"],
            member_id=member.pk if member else None,
        )  # fmt: skip
    except errors.Invalid as refusal:
        for each in refusal.errors:
            form.add_error(each.field if each.field in form.fields else None, each.detail)
        return False
    return True


def _holds(
    request: MemberRequest, form: HoldForm, lift: ReasonForm, *, lifting: int = 0, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "lift": lift,
        "lifting": lifting,
        "holds": queries.holds(request.user),
        "lifted": queries.lifted_holds(request.user),
        "today": clock.now().date(),
        "may_hold": permissions.has(request.user, "governance.hold"),
    }
    return render(request, "governance/holds.html", context, status=status)


def see(address: str, **named: Any) -> HttpResponse:
    """Answer a form that was carried out."""
    answer = HttpResponseRedirect(reverse(address, kwargs=named))
    answer.status_code = 303
    return answer
