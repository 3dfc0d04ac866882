"""The demonstration's door: step into anybody of the made-up cast."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from guildry.kernel import errors, permissions
from guildry.people.accounts import queries
from guildry.people.accounts.views import frames


class NotADemo(errors.NotFound):
    problem = errors.problem("not-a-demo", 404, "This is no demonstration")
    detail = "Nobody here is made up, so everybody signs in with their own proof."


@permissions.public
def personas(request: HttpRequest) -> HttpResponse:
    if not queries.is_demo_open():
        raise NotADemo
    return frames.render_page(request, "accounts/personas.html", {"personas": queries.personas()})


@permissions.public
@require_POST
def step_in(request: HttpRequest, handle: str) -> HttpResponse:
    persona = queries.persona(handle) if queries.is_demo_open() else None
    if persona is None:
        raise NotADemo
    request.session.flush()
    record_authentication(request, persona.member, method="persona")
    get_adapter().login(request, persona.member)
    return frames.see_other("/")
