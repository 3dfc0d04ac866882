"""What our pages share with the library's: our templates, honest status codes, and counted tries."""

import json
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from guildry.kernel import errors, points
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions
from guildry.people.accounts.models import Member
from guildry.ui.pages import render


class Framed:
    """A class-based view of the library with our engine: 422 for a form that does not fit, 303 after one that does."""

    request: HttpRequest
    template_name: str
    is_settings = False

    def dispatch(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        view: Any = super()
        return after_post(request, view.dispatch(request, *arguments, **named))

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if "js_data" in context:
            context = {**context, "passkey_options": json.dumps(context["js_data"])}
        forms = [context[name] for name in ("form", "webauthn_form") if context.get(name) is not None]
        is_wrong = any(form.is_bound and form.errors for form in forms)
        status = 422 if is_wrong else options.get("status", 200)
        return render_page(
            self.request, self.template_name, context, status=status, is_settings=self.is_settings
        )


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    is_settings: bool = False,
) -> HttpResponse:
    """Render one of our pages; those of the settings know their neighbours."""
    if is_settings:
        context = {**context, "settings_modules": settings_modules()}
    response = render(request, template, context, status=status)
    # A page that shows or takes a secret is nobody's to keep.
    response.headers["Cache-Control"] = "no-store"
    return response


def see_other(to: str, **named: Any) -> HttpResponse:
    """Answer a form that was carried out: the browser reads the page it leads to, and reloading repeats nothing."""
    response = redirect(to, **named)
    response.status_code = 303
    return response


def after_post(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Make the library's redirect after a form say that the next request is a GET."""
    if request.method == "POST" and response.status_code == 302:
        response.status_code = 303
    return response


def settings_modules() -> list[points.Module]:
    """Return the pages that stand in the settings menu, in order."""
    found = [module for module in points.MODULES if "settings" in module.placement]
    return sorted(found, key=lambda module: module.order)


def count_attempt(request: HttpRequest, act: str, identity: str = "") -> None:
    """Count a try of this request; raises TooMany."""
    actions.count_attempt(
        SYSTEM, act=act, address=str(request.META.get("REMOTE_ADDR", "")), identity=identity
    )


def refuse(form: Any, refusal: errors.DomainError) -> None:
    """Show a refusal where the form can say it: at its field, or above all of them."""
    for error in refusal.errors or (errors.FieldError("", refusal.message),):
        form.add_error(error.field if error.field in form.fields else None, error.detail)


def posted(request: HttpRequest) -> Any:
    """Return what was sent, even when it is nothing, and None where nothing was to be sent."""
    return request.POST if request.method == "POST" else None


def next_of(request: HttpRequest) -> str:
    """Return where to go afterwards, if it is on this site."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def let_in(request: HttpRequest, member: Member, method: str, *, after: str = "") -> HttpResponse:
    """Sign a member in who proved who they are, asking for a second factor if they have one."""
    record_authentication(request, member, method=method, email=member.email)
    login = Login(user=member, redirect_url=after or None, email=member.email)
    return after_post(request, perform_login(request, login))
