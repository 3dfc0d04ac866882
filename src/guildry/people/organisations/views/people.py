"""Belonging: people, roles, invitations and requests."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.kernel.validation import shown_on
from guildry.people.organisations import actions, queries, rules
from guildry.people.organisations.forms import InviteForm, NoteForm, RoleForm
from guildry.people.organisations.models import Role
from guildry.people.organisations.views.shared import opened
from guildry.ui.pages import render

REFUSED_INVITATIONS = (actions.AlreadyInvited, actions.AlreadyInside, actions.TooManyInvitations)


@login_required
@require_GET
def mine(request: MemberRequest) -> HttpResponse:
    context = {
        "memberships": queries.memberships_of(request.user.pk),
        "invitations": queries.invitations_for(request.user),
    }
    return render(request, "organisations/mine.html", context)


@login_required
@require_GET
def people(request: HttpRequest, handle: str) -> HttpResponse:
    organisation, standing = opened(request, handle)
    context = {
        "organisation": organisation,
        "standing": standing,
        "page": queries.people_of(organisation, cursor=request.GET.get("cursor", "")),
        "requests": queries.requests_of(organisation) if standing.may("answer_requests") else [],
        "roles": [(role, Role(role).label) for role in rules.roles_to_give(standing.giving_role)],
        "rules": rules,
    }
    block = "people" if getattr(request, "htmx", False) else None
    return render(request, "organisations/people.html", context, block=block)


@login_required
@require_POST
def role(request: MemberRequest, handle: str, member_id: int) -> HttpResponse:
    organisation, _ = opened(request, handle)
    form = RoleForm(request.POST)
    if form.is_valid():
        changed = actions.change_role(
            request.user, organisation_id=organisation.pk, member_id=member_id, **form.cleaned_data
        )
        messages.success(
            request,
            f"{changed.member.name} is now {changed.get_role_display().lower()} of {organisation.name}.",
        )
    else:
        messages.error(request, "Choose one of the roles, and a title of at most 80 characters.")
    return redirect("organisations:people", handle=handle)


@login_required
@require_POST
def removal(request: MemberRequest, handle: str, member_id: int) -> HttpResponse:
    organisation, _ = opened(request, handle)
    ended = actions.remove_person(request.user, organisation_id=organisation.pk, member_id=member_id)
    messages.success(request, f"{ended.member.name} no longer belongs to {organisation.name}.")
    return redirect("organisations:people", handle=handle)


@login_required
@require_POST
def departure(request: MemberRequest, handle: str) -> HttpResponse:
    organisation, _ = opened(request, handle)
    actions.leave(request.user, organisation_id=organisation.pk)
    messages.success(request, f"You left {organisation.name}.")
    return redirect("organisations:mine")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: MemberRequest, handle: str) -> HttpResponse:
    organisation, standing = opened(request, handle, right="invite")
    form = InviteForm(request.POST or None, roles=rules.roles_to_give(standing.giving_role))
    if request.method == "POST" and form.is_valid():
        with shown_on(form, *REFUSED_INVITATIONS):
            actions.invite(request.user, organisation_id=organisation.pk, **form.cleaned_data)
            messages.success(request, f"The invitation to {form.cleaned_data['to']} is on its way.")
            return redirect("organisations:invitations", handle=handle)
    context = {
        "organisation": organisation,
        "standing": standing,
        "form": form,
        "invitations": queries.invitations_of(organisation),
    }
    return render(request, "organisations/invitations.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def sending(request: MemberRequest, handle: str, invitation_id: int) -> HttpResponse:
    actions.send_invitation_again(request.user, invitation_id=invitation_id)
    messages.success(request, "The invitation goes out again, with a new link.")
    return redirect("organisations:invitations", handle=handle)


@login_required
@require_POST
def revocation(request: MemberRequest, handle: str, invitation_id: int) -> HttpResponse:
    actions.revoke_invitation(request.user, invitation_id=invitation_id)
    messages.success(request, "The invitation is withdrawn. Its link no longer works.")
    return redirect("organisations:invitations", handle=handle)


@public
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = queries.invitation_by_token(token)
    viewer = viewer_of(request)
    is_mine = viewer is not None and found.member_id in (None, viewer.pk)
    context = {"invitation": found, "token": token, "is_mine": is_mine, "next": request.path}
    return render(request, "organisations/invitation.html", context)


@login_required
@require_POST
def acceptance(request: MemberRequest, token: str) -> HttpResponse:
    membership = actions.accept_invitation(request.user, token=token)
    messages.success(request, f"You now belong to {membership.organisation.name}.")
    return redirect("organisations:organisation", handle=membership.organisation.handle)


@login_required
@require_POST
def refusal(request: MemberRequest, token: str) -> HttpResponse:
    declined = actions.decline_invitation(request.user, token=token)
    messages.success(request, f"You declined the invitation to {declined.organisation.name}.")
    return redirect("organisations:mine")


@login_required
@require_POST
def own_acceptance(request: MemberRequest, invitation_id: int) -> HttpResponse:
    membership = actions.accept_invitation(request.user, invitation_id=invitation_id)
    messages.success(request, f"You now belong to {membership.organisation.name}.")
    return redirect("organisations:organisation", handle=membership.organisation.handle)


@login_required
@require_POST
def own_refusal(request: MemberRequest, invitation_id: int) -> HttpResponse:
    declined = actions.decline_invitation(request.user, invitation_id=invitation_id)
    messages.success(request, f"You declined the invitation to {declined.organisation.name}.")
    return redirect("organisations:mine")


@login_required
@require_POST
def requests(request: MemberRequest, handle: str) -> HttpResponse:
    organisation, _ = opened(request, handle)
    form = NoteForm(request.POST)
    if form.is_valid():
        actions.request_to_join(request.user, organisation_id=organisation.pk, note=form.cleaned_data["note"])
        messages.success(request, f"You asked to join {organisation.name}. Its people will answer.")
    else:
        messages.error(request, "A note has at most 500 characters.")
    return redirect("organisations:organisation", handle=handle)


@login_required
@require_POST
def withdrawal(request: MemberRequest, handle: str, request_id: int) -> HttpResponse:
    actions.withdraw_request(request.user, request_id=request_id)
    messages.success(request, "You took your request back.")
    return redirect("organisations:organisation", handle=handle)


@login_required
@require_POST
def request_acceptance(request: MemberRequest, handle: str, request_id: int) -> HttpResponse:
    membership = actions.accept_request(request.user, request_id=request_id)
    messages.success(request, f"{membership.member.name} now belongs to {membership.organisation.name}.")
    return redirect("organisations:people", handle=handle)


@login_required
@require_POST
def request_refusal(request: MemberRequest, handle: str, request_id: int) -> HttpResponse:
    actions.decline_request(request.user, request_id=request_id)
    messages.success(request, "You declined the request.")
    return redirect("organisations:people", handle=handle)
