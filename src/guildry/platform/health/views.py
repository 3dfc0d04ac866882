"""The probes as pages, health for programs, and the board for people."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guildry.kernel import errors, permissions
from guildry.kernel.guides import GUIDES
from guildry.platform.health import queries
from guildry.ui.pages import render

View = Callable[..., HttpResponse]
MOST_ROWS = 100


class OpsTokenRefused(errors.Unauthenticated):
    problem = errors.problem("ops-token-refused", 401, "That token for monitoring does not work")
    detail = "This is not a token for monitoring of this site. An operator can show or rotate it."
    challenge = 'error="invalid_token"'


class ListingOver(errors.DomainError):
    problem = errors.problem("listing-over", 410, "That listing is over")
    detail = "A listing of dependencies can be paged through for a minute. Begin again without a cursor."


class LimitWrong(errors.Invalid):
    detail = f"A limit is a number from 1 to {MOST_ROWS}."


def for_monitoring(view: View) -> View:
    """Let in whoever brings a token for monitoring, or may read health; raises OpsTokenRefused for a wrong one."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return permitted(request)
        if scheme.lower() != "bearer" or not queries.is_ops_token(token.strip()):
            raise OpsTokenRefused
        return view(request)

    permitted: Any = permissions.needs("health.read")(view)
    guarded.needs_permission = "health.read"  # type: ignore[attr-defined]
    return guarded


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
def board(request: HttpRequest) -> HttpResponse:
    context = {
        "overall": queries.overall(),
        "lines": queries.board(),
        "queues": queries.queues(),
        "processes": queries.processes(),
        "history": queries.history(),
        "changes": queries.changes()[:12],
        "document": queries.document(),
        "guides": {check: guide for guide in GUIDES for check in guide.checks},
    }
    return render(request, "health/board.html", context, block="board" if request.htmx else None)  # type: ignore[attr-defined]


@for_monitoring
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    return _document(queries.document(), "application/health+json")


@for_monitoring
@require_safe
def dependencies(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    limit = asked.get("limit", "20")
    if not (limit.isdecimal() and 1 <= int(limit) <= MOST_ROWS):
        raise LimitWrong(field="limit")
    page = queries.dependencies(
        status=asked.get("status", ""),
        kind=asked.get("kind", ""),
        limit=int(limit),
        cursor=asked.get("cursor", ""),
    )
    if page is None:
        raise ListingOver
    return _document(page)


@for_monitoring
@require_safe
def transitions(request: HttpRequest) -> HttpResponse:
    return _document(queries.transition_document())


@for_monitoring
@require_safe
def queue_depths(request: HttpRequest) -> HttpResponse:
    return _document(queries.queue_document())


@for_monitoring
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(queries.metrics(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _document(content: dict[str, Any], media_type: str = "application/json") -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(msgspec.json.encode(content), content_type=media_type, headers=headers)


def _answer(verdict: tuple[int, bytes]) -> HttpResponse:
    status, body = verdict
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)
