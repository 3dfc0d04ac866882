"""Ways in: sign up, sign in with a password or a code, sign out."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as library
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from guildry.kernel import errors, permissions, runtime
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, queries, rules
from guildry.people.accounts.forms import (
    AddressForm,
    CodeForm,
    OrganisationSignUpForm,
    SignInForm,
    SignUpForm,
)
from guildry.people.accounts.models import OneTimeCode
from guildry.people.accounts.views import frames
from guildry.people.accounts.views.providers import provider_buttons
from guildry.ui.pages import render

WAITING = "accounts.waiting_code"
Purpose = OneTimeCode.Purpose


class SignIn(frames.Framed, library.LoginView):
    template_name = "account/login.html"
    form_class = SignInForm

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Whoever stopped before the second factor may start again, perhaps as somebody else."""

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)
        after = frames.next_of(self.request)
        return {**context, "after": after, "providers": provider_buttons(self.request, after),
                "has_personas": queries.is_demo_open()}  # fmt: skip


sign_in = permissions.public(SignIn.as_view())


class SignOut(frames.Framed, library.LogoutView):
    template_name = "account/logout.html"


sign_out = permissions.public(SignOut.as_view())


@permissions.public
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest, kind: str = "member") -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("/")
    actions.require_registration(SYSTEM)
    form_class = OrganisationSignUpForm if kind == "organisation" else SignUpForm
    form = form_class(frames.posted(request), initial={"email": request.GET.get("email", "")[:254]})
    if request.method == "POST" and form.is_valid():
        try:
            return _send_joining_code(request, dict(form.cleaned_data))
        except errors.Invalid as refusal:
            frames.refuse(form, refusal)
    after = frames.next_of(request)
    context = {"form": form, "kind": kind, "after": after, "providers": provider_buttons(request, after),
               "is_by_invitation": runtime.value("registration.mode") == rules.BY_INVITATION}  # fmt: skip
    return frames.render_page(request, "account/signup.html", context, status=422 if form.errors else 200)


def _send_joining_code(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    frames.count_attempt(request, "sign_up", data["email"])
    after = _founding_page(data.pop("organisation", "")) or frames.next_of(request)
    code = actions.sign_up(SYSTEM, **data)
    _wait_for(request, code, after)
    return frames.see_other("account_email_verification_sent")


def _founding_page(organisation: str) -> str:
    return f"{reverse('organisations:found')}?{urlencode({'name': organisation})}" if organisation else ""


@permissions.public
def request_code(request: HttpRequest) -> HttpResponse:
    form = AddressForm(frames.posted(request))
    if request.method == "POST" and form.is_valid():
        frames.count_attempt(request, "send_code", form.cleaned_data["email"])
        code = actions.send_sign_in_code(SYSTEM, email=form.cleaned_data["email"])
        _wait_for(request, code, frames.next_of(request))
        return frames.see_other("account_confirm_login_code")
    context = {"form": form, "after": frames.next_of(request)}
    return frames.render_page(
        request, "account/request_login_code.html", context, status=422 if form.errors else 200
    )


@permissions.public
def enter_code(request: HttpRequest, purpose: str) -> HttpResponse:
    """Take the code this browser waits for, whichever mail it came with."""
    waiting = request.session.get(WAITING) or {}
    if waiting.get("purpose") != purpose:
        return redirect("account_signup" if purpose == Purpose.JOIN else "account_request_login_code")
    form, status = CodeForm(frames.posted(request)), 200
    if request.method == "POST" and form.is_valid():
        frames.count_attempt(request, "enter_code", waiting["email"])
        try:
            code = actions.redeem_code(SYSTEM, code_id=waiting["id"], code=form.cleaned_data["code"])
        except errors.DomainError as refusal:
            frames.refuse(form, refusal)
            status = refusal.problem.status
        else:
            return _welcome(request, code, waiting["after"])
    context = {
        "form": form,
        "email": waiting["email"],
        "purpose": purpose,
        "mailbox_url": _mailbox(waiting["email"]),
    }
    return frames.render_page(
        request, "account/enter_code.html", context, status=422 if form.errors and status == 200 else status
    )


@permissions.public
def code_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link from a mail would do, and do it on request: programs that read mail follow links too."""
    code = queries.code_of_link(token)
    if code is None:
        raise actions.CodeSpent("This link was used, replaced, or is too old. Ask for a new one.")
    if request.method == "POST":
        frames.count_attempt(request, "enter_code", code.email)
        waiting = request.session.get(WAITING) or {}
        after = waiting.get("after", "") if waiting.get("id") == str(code.pk) else ""
        return _welcome(request, actions.redeem_link(SYSTEM, token=token), after)
    return frames.render_page(request, "account/code_link.html", {"code": code})


def _welcome(request: HttpRequest, code: OneTimeCode, after: str) -> HttpResponse:
    request.session.pop(WAITING, None)
    if code.purpose == Purpose.CHANGE_EMAIL or request.user.is_authenticated:
        return frames.see_other("accounts:settings_email")
    assert code.member is not None
    return frames.let_in(request, code.member, "code", after=after)


def _wait_for(request: HttpRequest, code: OneTimeCode, after: str) -> None:
    request.session[WAITING] = {
        "id": str(code.pk), "email": code.email, "purpose": code.purpose, "after": after
    }  # fmt: skip


def _mailbox(email: str) -> str:
    return queries.mailbox_address(email)


@permissions.public
def inactive(request: HttpRequest) -> HttpResponse:
    reason = request.session.get("accounts.suspension", "")
    return render(request, "account/account_inactive.html", {"reason": reason}, status=403)
