"""Who may do what here: the permission registry, and the roles members were granted."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from guildry.kernel import errors, permissions
from guildry.kernel.permissions import MemberRequest, StaffRole
from guildry.people.accounts import actions, queries
from guildry.people.accounts.forms import GrantForm, ReasonForm, SuspensionForm
from guildry.people.accounts.models import Member
from guildry.people.accounts.views import frames


@permissions.needs("accounts.read_permissions")
def registry(request: HttpRequest) -> HttpResponse:
    context = {"roles": list(StaffRole), "rows": queries.permission_table()}
    return frames.render_page(request, "accounts/permissions.html", context)


@permissions.needs("accounts.suspend_member")
def staff(request: MemberRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:80]
    member: Any = request.user
    found = queries.search_members(member, text, 20)
    context = {"text": text, "found": found, "staff": queries.staff_members()}
    return frames.render_page(request, "accounts/staff.html", context)


@permissions.needs("accounts.suspend_member")
@reauthentication_required(app="allauth.account", allow_get=True)
def member_roles(request: MemberRequest, member_id: int) -> HttpResponse:
    member = _member(member_id)
    form = GrantForm(frames.posted(request), auto_id="grant_%s")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            role = StaffRole(data["role"])
            actions.grant_role(
                cast(Member, request.user), member_id=member_id, role=role, reason=data["reason"]
            )
        except (errors.Conflict, actions.NotYourself) as refusal:
            frames.refuse(form, refusal)
        else:
            messages.success(request, f"{member.name} is now {role.label.lower()}.")
            return frames.see_other("accounts:member_roles", member_id=member_id)
    return _member_page(request, member, form=form)


@permissions.needs("accounts.grant_role")
@require_POST
@reauthentication_required(app="allauth.account")
def revoke(request: MemberRequest, grant_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=f"revoke_{grant_id}_%s")
    if not form.is_valid():
        return _member_page(request, queries.holder_of(grant_id), revocation=(grant_id, form))
    reason = form.cleaned_data["reason"]
    grant = actions.revoke_role(cast(Member, request.user), grant_id=grant_id, reason=reason)
    messages.success(request, "The role is revoked.")
    return frames.see_other("accounts:member_roles", member_id=grant.member_id)


@permissions.needs("accounts.suspend_member")
@require_POST
def suspend(request: MemberRequest, member_id: int) -> HttpResponse:
    form = SuspensionForm(request.POST)
    if not form.is_valid():
        return _member_page(request, _member(member_id), suspension=form)
    actions.suspend_member(
        cast(Member, request.user), member_id=member_id, reason=form.cleaned_data["reason"]
    )
    messages.success(request, "The member is suspended and signed out everywhere.")
    return frames.see_other("accounts:member_roles", member_id=member_id)


@permissions.needs("accounts.suspend_member")
@require_POST
def reinstate(request: MemberRequest, member_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _member_page(request, _member(member_id), suspension=form)
    reason = form.cleaned_data["reason"]
    actions.reinstate_member(cast(Member, request.user), member_id=member_id, reason=reason)
    messages.success(request, "The member can sign in again.")
    return frames.see_other("accounts:member_roles", member_id=member_id)


def _member(member_id: int) -> Member:
    if (member := queries.member_by_id(member_id)) is None:
        raise errors.NotFound("There is no such member.")
    return member


def _member_page(
    request: HttpRequest,
    member: Member,
    *,
    form: GrantForm | None = None,
    suspension: ReasonForm | SuspensionForm | None = None,
    revocation: tuple[int, ReasonForm] | None = None,
) -> HttpResponse:
    grants = queries.grants_of(member)
    revocations = {grant.pk: ReasonForm(auto_id=f"revoke_{grant.pk}_%s") for grant in grants}
    context = {"member": member, "form": form or GrantForm(auto_id="grant_%s"), "grants": grants,
               "suspension": suspension or (SuspensionForm() if member.is_active else ReasonForm()),
               "revocations": revocations | dict([revocation] if revocation else []),
               "may_grant": permissions.has(cast(Member, request.user), "accounts.grant_role")}  # fmt: skip
    is_wrong = bool((form and form.errors) or suspension or revocation)
    return frames.render_page(request, "accounts/member_roles.html", context, status=422 if is_wrong else 200)
