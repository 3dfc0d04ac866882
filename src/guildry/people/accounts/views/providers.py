"""Signing in through another service, and the services connected to an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.signup import complete_signup
from allauth.socialaccount import views as library
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import flows
from allauth.socialaccount.internal.flows.login import record_authentication
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guildry.kernel import errors, permissions
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, queries
from guildry.people.accounts.forms import ProviderJoinForm
from guildry.people.accounts.views import frames


def provider_buttons(
    request: HttpRequest, after: str = "", *, process: str = "login"
) -> list[tuple[str, str, str]]:
    """Return key, label and address of every service that is set up."""
    terms = {"process": process, **({"next": after} if after else {})}
    providers = get_adapter(request).list_providers(request)
    return [
        (provider.app.provider_id or provider.id, provider.name, provider.get_login_url(request, **terms))
        for provider in providers
        if provider.app
    ]


def led_onward(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead to another site by a page of ours: the content policy stops a form there, even behind a redirect."""

    @wraps(view)
    def led(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response = view(request, *arguments, **named)
        address = response.headers.get("Location", "")
        host = urlsplit(address).hostname
        if request.method != "POST" or not host or urlsplit(address).netloc == request.get_host():
            return response
        return frames.render_page(request, "socialaccount/onward.html", {"address": address, "host": host})

    return led


@permissions.public
def join(request: HttpRequest) -> HttpResponse:
    """Finish joining with an address that a service vouches for."""
    pending = flows.signup.get_pending_signup(request)
    proven = [entry.email for entry in pending.email_addresses if entry.verified] if pending else []
    if not (pending and proven):
        return redirect("account_login")
    actions.require_admission(SYSTEM, email=proven[0])
    form = ProviderJoinForm(frames.posted(request), initial=_suggested(pending, proven[0]))
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, pending, form.cleaned_data, proven[0])
        except errors.Invalid as refusal:
            frames.refuse(form, refusal)
    context = {"form": form, "email": proven[0], "provider": pending.account.get_provider().name}
    return frames.render_page(
        request, "socialaccount/signup.html", context, status=422 if form.errors else 200
    )


def _suggested(pending: Any, email: str) -> dict[str, str]:
    """Return the name the service knows, and a free handle that is like it, or like the address when it knows none."""
    said = pending.account.get_provider_account().get_user_data() or {}
    name = str(said.get("name") or "")
    return {"name": name[:80], "handle": queries.free_handle(name or email.partition("@")[0])}


def _joined(request: HttpRequest, pending: Any, data: dict[str, Any], email: str) -> HttpResponse:
    frames.count_attempt(request, "sign_up", email)
    member = actions.join_member(SYSTEM, email=email, **data)
    pending.connect(request, member)
    flows.signup.clear_pending_signup(request)
    record_authentication(request, pending)
    response: HttpResponse = complete_signup(
        request, user=member, redirect_url=pending.get_redirect_url(request), email_verification="none"
    )
    return frames.after_post(request, response)


class Cancelled(frames.Framed, library.LoginCancelledView):
    template_name = "socialaccount/login_cancelled.html"


class Failed(frames.Framed, library.LoginErrorView):
    template_name = "socialaccount/authentication_error.html"


class Connections(frames.Framed, library.ConnectionsView):
    template_name = "socialaccount/connections.html"
    is_settings = True

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)
        buttons = provider_buttons(self.request, self.request.path, process="connect")
        return {**context, "providers": buttons}


cancelled = permissions.public(Cancelled.as_view())
failed = permissions.public(Failed.as_view())
connections = login_required(Connections.as_view())
