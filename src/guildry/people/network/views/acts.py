"""What one does about a member; each answers htmx with the buttons that changed, and everybody else with a page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from guildry.kernel import validation
from guildry.kernel.permissions import MemberRequest
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import member_by_id
from guildry.people.network import actions, queries
from guildry.people.network.forms import RequestForm
from guildry.ui.pages import render


@require_POST
@login_required
def follow(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.follow_member, "You follow {name}.")


@require_POST
@login_required
def follow_end(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.unfollow_member, "You no longer follow {name}.")


@require_http_methods(["GET", "POST"])
@login_required
def connection(request: MemberRequest, member_id: int) -> HttpResponse:
    """Ask for a connection, with a note when there is something to say."""
    form = RequestForm(request.POST or None)
    if form.is_valid():
        with validation.shown_on(form):
            note = form.cleaned_data["note"]
            actions.request_connection(request.user, member_id=member_id, note=note)
            return _done(request, member_id, "You asked {name} to connect.")
    context = {"form": form, "member": _member(member_id), "relation": _relation(request, member_id)}
    return render(request, "network/connect.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def acceptance(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.accept_request, "You and {name} are connected.")


@require_POST
@login_required
def refusal(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.decline_request, "Request declined. {name} is not told.")


@require_POST
@login_required
def connection_end(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.leave_connection, "Done. {name} is not told.")


@require_POST
@login_required
def mute(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.mute_member, "You hear nothing of {name} any more.")


@require_POST
@login_required
def mute_end(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.unmute_member, "You hear of {name} again.")


@require_http_methods(["GET", "POST"])
@login_required
def block(request: MemberRequest, member_id: int) -> HttpResponse:
    """Say what a block does, and do it when that was meant."""
    member = _member(member_id)
    if request.method == "GET":
        return render(request, "network/block.html", {"member": member})
    actions.block_member(request.user, member_id=member_id)
    messages.success(request, f"{member.name} is blocked and is not told.")
    return _see(reverse("network:shields"))


@require_POST
@login_required
def block_end(request: MemberRequest, member_id: int) -> HttpResponse:
    return _do(request, member_id, actions.unblock_member, "{name} can see you again.")


def _do(request: MemberRequest, member_id: int, act: Callable[..., Any], told: str) -> HttpResponse:
    act(request.user, member_id=member_id)
    return _done(request, member_id, told)


def _done(request: MemberRequest, member_id: int, told: str) -> HttpResponse:
    member = _member(member_id)
    if getattr(request, "htmx", False):
        context = {
            "member": member,
            "relation": _relation(request, member_id),
            "size": request.POST.get("size", ""),
            "form": RequestForm(auto_id="request_%s"),
            "told": told.format(name=member.name),
        }
        return render(request, "network/_relation.html", context)
    messages.success(request, told.format(name=member.name))
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return _see(wanted if is_ours else reverse("profiles:profile", kwargs={"handle": member.handle}))


def _member(member_id: int) -> Member:
    member = member_by_id(member_id)
    if member is None:
        raise queries.MemberNotFound
    return member


def _relation(request: MemberRequest, member_id: int) -> queries.Relation:
    return queries.relations(request.user, [member_id])[member_id]


def _see(address: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
