"""The probes as pages, for servers other than our own, and the board for those who run the site."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guildry.kernel import permissions
from guildry.platform.health import queries
from guildry.ui.pages import render


@permissions.public
@require_safe
def liveness(request: HttpRequest) -> HttpResponse:
    return _answer(queries.liveness())


@permissions.public
@require_safe
def startup(request: HttpRequest) -> HttpResponse:
    return _answer(queries.startup())


@permissions.public
@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    return _answer(queries.readiness())


@permissions.needs("health.read")
@require_safe
def board(request: permissions.MemberRequest) -> HttpResponse:
    return render(request, "health/board.html", {"samples": queries.samples()})


def _answer(verdict: tuple[int, bytes]) -> HttpResponse:
    status, body = verdict
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)
