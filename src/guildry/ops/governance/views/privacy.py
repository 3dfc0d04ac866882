"""A member's own page about their data."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guildry.kernel import points
from guildry.kernel.permissions import MemberRequest
from guildry.ops.governance import actions, queries
from guildry.ops.governance.forms import ErasureForm
from guildry.ops.governance.views.retention import see
from guildry.ui.pages import render


@login_required
@require_safe
def privacy(request: MemberRequest) -> HttpResponse:
    return page(request)


@login_required
@reauthentication_required(app="allauth.account")
@require_http_methods(["GET", "HEAD", "POST"])
def copy_order(request: MemberRequest) -> HttpResponse:
    """Ask for a copy, after proving again who one is."""
    if request.method == "POST":
        actions.request_copy(request.user)
        messages.success(request, "Your copy is being made. You get a mail when it is ready.")
    return see("governance:privacy")


@login_required
@reauthentication_required(app="allauth.account")
@require_http_methods(["GET", "HEAD", "POST"])
def copy_collect(request: MemberRequest) -> HttpResponseBase:
    """Hand out the copy that lies ready, once."""
    if request.method != "POST":
        return see("governance:privacy")
    return _handed_out(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: MemberRequest, token: str) -> HttpResponseBase:
    """Take the link of a mail: a page first, for programs that look at links must not use it up."""
    if request.method == "POST":
        return _handed_out(request, token)
    return render(request, "governance/copy.html", {"token": token})


@login_required
@reauthentication_required(app="allauth.account")
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: MemberRequest) -> HttpResponse:
    """Ask for the end of one's account, after proving again who one is and saying the word."""
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        asked = actions.request_erasure(request.user, wish=form.cleaned_data["wish"])
        messages.success(request, f"Asked for. Until {asked.cools_until:%d %B} you can take it back here.")
        return see("governance:privacy")
    context = {"form": form, "days": queries.cool_off().days}
    return render(request, "governance/erasure.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def erasure_end(request: MemberRequest) -> HttpResponse:
    actions.cancel_erasure(request.user)
    messages.success(request, "Taken back. Your account stays as it is.")
    return see("governance:privacy")


def page(request: MemberRequest, *, status: int = 200, **further: Any) -> HttpResponse:
    """Show what a member can ask for, and what they asked for."""
    modules = [module for module in points.MODULES if "settings" in module.placement]
    context = {
        "settings_modules": sorted(modules, key=lambda module: module.order),
        "copies": queries.copies_of(request.user.pk),
        "waiting": queries.copy_waiting(request.user.pk),
        "erasure": queries.erasure_of(request.user.pk),
        "may_cancel": queries.may_cancel,
        "days": queries.cool_off().days,
        **further,
    }
    answer = render(request, "governance/privacy.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _handed_out(request: MemberRequest, token: str = "") -> FileResponse:
    found, file = actions.collect_copy(request.user, token=token)
    answer = FileResponse(file, as_attachment=True, filename=f"guildry-{found.reference}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer
