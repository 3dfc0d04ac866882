"""The settings of one's own account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest
from guildry.people.accounts import actions, queries, rules
from guildry.people.accounts.forms import (
    AddressForm,
    CodeForm,
    HatsForm,
    PreferencesForm,
    PresenceForm,
    TokenForm,
)
from guildry.people.accounts.models import Hat, Member
from guildry.people.accounts.views import frames

CHANGING, NEW_TOKEN = "accounts.changing_email", "accounts.new_token"


def _page(request: HttpRequest, name: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    status = 422 if any(form.is_bound and form.errors for form in forms) else 200
    return frames.render_page(request, f"accounts/{name}.html", context, status=status, is_settings=True)


@login_required
def account(request: MemberRequest) -> HttpResponse:
    member = request.user
    about = {"name": member.name, "headline": member.headline, "handle": member.handle}
    chosen = {"time_zone": member.time_zone, "locale": member.locale, "theme": member.theme}
    is_about = request.method == "POST" and "name" in request.POST
    is_chosen = request.method == "POST" and not is_about
    presence = PresenceForm(request.POST if is_about else None, initial=about)
    preferences = PreferencesForm(request.POST if is_chosen else None, initial=chosen)
    form = presence if is_about else preferences
    if form.is_bound and form.is_valid() and _saved(member, form):
        messages.success(request, "Saved.")
        return frames.see_other("accounts:settings")
    return _page(request, "settings_account", {"presence": presence, "preferences": preferences}, form)


def _saved(member: Member, form: PresenceForm | PreferencesForm) -> bool:
    try:
        if isinstance(form, PreferencesForm):
            actions.choose_preferences(member, **form.cleaned_data)
        else:
            data = form.cleaned_data
            actions.rename_member(member, handle=data["handle"])
            actions.present_member(member, name=data["name"], headline=data["headline"])
    except errors.Invalid as refusal:
        frames.refuse(form, refusal)
        return False
    return True


@login_required
@reauthentication_required(app="allauth.account")
def email(request: MemberRequest) -> HttpResponse:
    form = AddressForm(frames.posted(request))
    if request.method == "POST" and form.is_valid():
        frames.count_attempt(request, "send_code", form.cleaned_data["email"])
        try:
            code = actions.request_email_change(request.user, email=form.cleaned_data["email"])
        except errors.Invalid as refusal:
            frames.refuse(form, refusal)
        else:
            request.session[CHANGING] = {"id": str(code.pk), "email": code.email}
            return frames.see_other("accounts:settings_email_code")
    return _page(request, "settings_email", {"form": form}, form)


@login_required
def email_code(request: MemberRequest) -> HttpResponse:
    waiting = request.session.get(CHANGING)
    if not waiting:
        return redirect("accounts:settings_email")
    form = CodeForm(frames.posted(request))
    if request.method == "POST" and form.is_valid():
        frames.count_attempt(request, "enter_code", waiting["email"])
        try:
            actions.redeem_code(request.user, code_id=waiting["id"], code=form.cleaned_data["code"])
        except errors.DomainError as refusal:
            frames.refuse(form, refusal)
        else:
            del request.session[CHANGING]
            messages.success(request, f"Your address is now {waiting['email']}.")
            return frames.see_other("accounts:settings")
    context = {
        "form": form,
        "email": waiting["email"],
        "mailbox_url": queries.mailbox_address(waiting["email"]),
    }
    return _page(request, "settings_email_code", context, form)


@login_required
def sessions(request: MemberRequest) -> HttpResponse:
    session: Any = request.session
    mine = session.identity()
    context = {
        "sessions": queries.sessions_of(request.user),
        "current_id": mine.session_id if mine else None,
    }
    return _page(request, "settings_sessions", context)


@login_required
@require_POST
def end_session(request: MemberRequest, session_id: int) -> HttpResponse:
    actions.end_session(request.user, session_id=session_id)
    messages.success(request, "That device is signed out.")
    return frames.see_other("accounts:settings_sessions")


@login_required
@require_POST
def end_other_sessions(request: MemberRequest) -> HttpResponse:
    session: Any = request.session
    mine, member = session.identity(), request.user
    count = actions.end_other_sessions(member, member_id=member.pk, keep=mine.session_id if mine else None)
    messages.success(request, f"Signed out on {count} other device{'' if count == 1 else 's'}.")
    return frames.see_other("accounts:settings_sessions")


@login_required
@reauthentication_required(app="allauth.account", allow_get=True)
def tokens(request: MemberRequest) -> HttpResponse:
    form = TokenForm(frames.posted(request), areas=list(rules.AREAS))
    if request.method == "POST" and form.is_valid():
        try:
            issued = actions.issue_token(request.user, **form.cleaned_data)
        except errors.DomainError as refusal:
            frames.refuse(form, refusal)
        else:
            request.session[NEW_TOKEN] = {"name": issued.token.name, "secret": issued.secret}
            return frames.see_other("accounts:settings_tokens")
    context = {
        "form": form,
        "tokens": queries.tokens_of(request.user),
        "issued": request.session.pop(NEW_TOKEN, None),
    }
    return _page(request, "settings_tokens", context, form)


@login_required
@require_POST
def revoke_token(request: MemberRequest, token_id: int) -> HttpResponse:
    actions.revoke_token(request.user, token_id=token_id)
    messages.success(request, "The token no longer works.")
    return frames.see_other("accounts:settings_tokens")


@login_required
def hats(request: MemberRequest) -> HttpResponse:
    form = HatsForm(frames.posted(request), initial={"hats": request.user.hats})
    if request.method == "POST" and form.is_valid():
        actions.choose_hats(request.user, hats=form.cleaned_data["hats"])
        messages.success(request, "Saved.")
        return frames.see_other("accounts:settings_hats")
    worn = [hat for hat in Hat if hat in request.user.hats]
    return _page(request, "settings_hats", {"form": form, "worn": worn}, form)


@login_required
@require_POST
def switch_hat(request: MemberRequest) -> HttpResponse:
    """Change the active hat and return to where the member was."""
    actions.switch_hat(request.user, hat=request.POST.get("hat", "")[:20])
    return frames.see_other(frames.next_of(request) or "accounts:settings_hats")
