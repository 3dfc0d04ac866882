"""Pages of the edge: what each refusal means, and where browsers report violations."""

import json
import sys
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guildry.kernel import errors, permissions
from guildry.platform.perimeter import actions, rules
from guildry.platform.perimeter.views import answers


@permissions.public
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    entry = errors.REGISTRY.get(slug)
    if entry is None:
        raise errors.NotFound
    context = {"problem": entry, "details": _details_of(slug), "advice": rules.ADVICE[entry.status]}
    return render(request, "perimeter/problem.html", context)


@permissions.public
def problem_list(request: HttpRequest) -> HttpResponse:
    entries = sorted(errors.REGISTRY.values(), key=lambda entry: (entry.status, entry.slug))
    grouped = [(status, list(found)) for status, found in groupby(entries, key=lambda entry: entry.status)]
    return render(request, "perimeter/problems.html", {"grouped": grouped, "advice": rules.ADVICE})


def _details_of(slug: str) -> list[str]:
    """Return what answers of a kind say, one line for each situation it is used for."""
    waiting: list[type[errors.DomainError]] = [errors.DomainError]
    found: dict[str, None] = {}
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.problem.slug == slug:
            found[kind.detail] = None
    return sorted(found)


@permissions.public
@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise errors.Malformed from error
    for violation in rules.violations_in(document):
        actions.record_violation(permissions.SYSTEM, violation=violation)
    return HttpResponse(status=204)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, sys.exc_info()[1])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, errors.NotSignedByUs())


def _answer(request: HttpRequest, exception: BaseException | None) -> HttpResponse:
    refusal = answers.refusal_of(exception)
    response = answers.respond(request, refusal) if refusal else answers.unexpected(request, exception)
    # Django would log it a second time, without the trace id.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
