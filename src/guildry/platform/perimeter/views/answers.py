"""Refusals as answers: a page, a fragment of one, or problem details (RFC 9457)."""

import errno
import json
import logging
import math
import sys
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core import exceptions
from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from guildry.kernel import errors, outages, tracing
from guildry.kernel.permissions import SYSTEM
from guildry.platform.health import actions as health
from guildry.platform.perimeter import rules

log = structlog.get_logger("guildry.perimeter")
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Refusal:
    """Everything an answer needs to know; `permission` or `dependency` names the missing one when that is the reason.

    `challenge` says how to prove who one is, or what is wrong with the proof (RFC 6750).
    """

    problem: errors.Problem
    message: str
    fields: tuple[errors.FieldError, ...] = ()
    retry_after: int | None = None
    permission: str = ""
    dependency: str = ""
    challenge: str = 'Bearer realm="guildry"'
    headers: dict[str, str] = field(default_factory=dict)


_KINDS: tuple[tuple[type[Exception], type[errors.DomainError]], ...] = (
    (Http404, errors.NotFound),
    (exceptions.PermissionDenied, errors.Forbidden),
    (exceptions.RequestDataTooBig, errors.TooLarge),
    # The session ended, here or from another device, while its request ran.
    (SessionInterrupted, errors.Unauthenticated),
    (exceptions.SuspiciousOperation, errors.Malformed),
    (exceptions.BadRequest, errors.Malformed),
    (MultiPartParserError, errors.Malformed),
    (UnreadablePostError, errors.Malformed),
    # A form was sent, and read as one, where the operation takes JSON.
    (RawPostDataException, errors.WrongFormat),
)


def refusal_of(exception: BaseException | None) -> Refusal | None:
    """Return what to answer, or None when the exception is a fault of ours and has to be logged as one."""
    if isinstance(exception, errors.DomainError):
        return of_domain(exception)
    if found := _of_api(exception):
        return found
    for kind, answered in _KINDS:
        if isinstance(exception, kind):
            return of_domain(answered())
    if dependency := outage_in(exception):
        log.warning(
            "dependency_unavailable",
            dependency=dependency,
            error=type(exception).__name__,
            reason=str(exception)[:200],
        )
        health.look_again(SYSTEM, check=dependency)
        return of_outage(dependency)
    return None


def of_outage(dependency: str) -> Refusal:
    """Return how to answer while something that the answer needs is away."""
    away = of_domain(errors.Unavailable(retry_after=rules.RETRY_SECONDS))
    return replace(away, dependency=dependency)


def of_domain(error: errors.DomainError) -> Refusal:
    """Return how to answer a refusal in business words."""
    wait = error.retry_after
    if wait is None and error.problem.status in (429, 503):
        wait = rules.RETRY_SECONDS
    permission = getattr(error, "permission", "")
    seconds = None if wait is None else max(1, math.ceil(wait))
    refusal = Refusal(error.problem, error.message, error.errors, seconds, permission)
    challenge = getattr(error, "challenge", "")
    return replace(refusal, challenge=f"{refusal.challenge}, {challenge}") if challenge else refusal


def _field_error(entry: dict[str, Any]) -> errors.FieldError:
    """Name a field the way the caller does: without the part of the request, or our name for a whole body."""
    part, *path = [str(step) for step in entry["loc"]]
    if part == "body" and len(path) > 1:
        path = path[1:]
    return errors.FieldError(".".join(path), str(entry["msg"]), str(entry["type"]))


_OF_STATUS: dict[int, type[errors.DomainError]] = {
    400: errors.Malformed,
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    429: errors.TooMany,
}


def _of_api(exception: BaseException | None) -> Refusal | None:
    """Return the refusal for what the API's library raised; nothing comes from it before somebody brought it in."""
    if (library := sys.modules.get("ninja.errors")) is None:
        return None
    if isinstance(exception, library.ValidationError):
        return of_domain(errors.Invalid(errors=tuple(_field_error(entry) for entry in exception.errors)))
    return _of_status(exception) if isinstance(exception, library.HttpError) else None


def _of_status(exception: Any) -> Refusal:
    if isinstance(exception.__cause__, errors.DomainError):
        return of_domain(exception.__cause__)
    if exception.status_code == 403 and "csrf" in exception.message.lower():
        return of_domain(errors.NotSignedByUs())
    refusal = of_domain(_OF_STATUS.get(exception.status_code, errors.DomainError)())
    wait = getattr(exception, "wait", None)
    return replace(refusal, retry_after=wait or refusal.retry_after)


def outage_in(exception: BaseException | None) -> str:
    """Return which dependency failed in a way that passes by itself: database, disk or redis; else an empty string."""
    if exception is not None and outages.is_outage(exception):
        return "database"
    if isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return "disk"
    kind = type(exception)
    is_redis = kind.__module__ == "redis.exceptions" and isinstance(exception, _redis_losses())
    return "redis" if is_redis else ""


def _redis_losses() -> tuple[type[Exception], ...]:
    from redis import exceptions as redis_errors

    return (redis_errors.ConnectionError, redis_errors.TimeoutError)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the caller is a program: an API address, a token, or JSON preferred over HTML."""
    if request.path_info.startswith("/api/v") or "Authorization" in request.headers:
        return True
    accepted = request.get_preferred_type(["text/html", "application/json", "application/problem+json"])
    return accepted is not None and accepted != "text/html"


def is_htmx(request: HttpRequest) -> bool:
    return bool(request.META.get("HTTP_HX_REQUEST") == "true")


def respond(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer in the form the caller reads, always with the trace id and the time to retry."""
    if wants_json(request):
        response = _document(request, refusal)
    elif refusal.problem.status == 401:
        response = sign_in(request)
    else:
        response = _page(request, refusal)
    response.headers["Vary"] = "Accept, Cookie, HX-Request"
    response.headers.setdefault("Cache-Control", "no-store")
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    for name, value in refusal.headers.items():
        response.headers[name] = value
    response.is_refusal = True  # type: ignore[attr-defined]
    return response


def _document(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    body = _details(refusal, request.path_info, trace_of(request))
    response = HttpResponse(body, status=refusal.problem.status, content_type=PROBLEM)
    if refusal.problem.status == 401 or "error=" in refusal.challenge:
        response.headers["WWW-Authenticate"] = refusal.challenge
    return response


def _details(refusal: Refusal, path: str, trace_id: str) -> bytes:
    """Return problem details (RFC 9457)."""
    problem = refusal.problem
    body: dict[str, Any] = {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": refusal.message,
        "instance": path,
        "code": problem.code,
        "trace_id": trace_id,
    }
    if refusal.fields:
        body["errors"] = [
            {"pointer": _pointer(e.field), "field": e.field, "code": e.code, "detail": e.detail}
            for e in refusal.fields
        ]
    if refusal.permission:
        body["permission"] = refusal.permission
    if refusal.retry_after is not None:
        body["retry_after"] = refusal.retry_after
    if refusal.dependency:
        body["dependency"] = refusal.dependency
    return json.dumps(body).encode()


def refused_socket(
    path: str, traceparent: str, error: errors.DomainError
) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body for whoever asked for a websocket and gets none."""
    refusal, trace, span = of_domain(error), tracing.parse(traceparent)[0], tracing.new_span()
    trace = trace or tracing.new_trace()
    headers = [
        ("Content-Type", PROBLEM),
        ("Cache-Control", "no-store"),
        ("traceresponse", f"00-{trace}-{span}-01"),
    ]
    if refusal.retry_after is not None:
        headers.append(("Retry-After", str(refusal.retry_after)))
    return headers, _details(refusal, path, trace)


def _pointer(name: str) -> str:
    parts = name.split(".") if name else []
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    values = {
        "problem": refusal.problem,
        "message": refusal.message,
        "errors": refusal.fields,
        "trace_id": trace_of(request),
        "permission": refusal.permission,
        "retry_after": refusal.retry_after,
    }
    if is_htmx(request):
        response = render(request, "perimeter/_refusal.html", values, status=refusal.problem.status)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#toasts", "beforeend"
        return response
    try:
        return render(request, "site/error.html", values, status=refusal.problem.status)
    except Exception as error:
        # The designed page may need what just failed, so the plain one needs nothing at all.
        log.warning("error_page_unavailable", error=type(error).__name__, trace_id=trace_of(request))
        return render(request, "perimeter/plain.html", values, status=refusal.problem.status)


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send a guest to sign-in and, afterwards, back to the page they were on."""
    target = redirect_to_login(_page_before(request), resolve_url(settings.LOGIN_URL))
    if not is_htmx(request):
        return target
    response = HttpResponse(status=401)
    response.headers["HX-Redirect"] = target.url
    return response


def _page_before(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD") and not is_htmx(request):
        return request.get_full_path()
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    host = request.get_host()
    if not url_has_allowed_host_and_scheme(address, {host}, require_https=request.is_secure()):
        return "/"
    return "/" + address.split("://", 1)[-1].partition("/")[2]


def trace_of(request: HttpRequest) -> str:
    return getattr(request, "trace_id", "")


def answer(request: HttpRequest, exception: Any) -> HttpResponse:
    """Answer what an API operation raised; a fault of ours goes on to where faults are logged."""
    refusal = refusal_of(exception)
    if refusal is None:
        raise exception
    return respond(request, refusal)


def unexpected(request: HttpRequest, exception: BaseException | None) -> HttpResponse:
    """Answer a fault of ours, logged once with the trace id the answer shows."""
    logging.getLogger("guildry.faults").error(
        "Unhandled error at %s %s, trace %s",
        request.method,
        request.path_info,
        trace_of(request),
        exc_info=exception,
    )
    message = (
        "This was our fault and nothing you did. It has been recorded; quote the trace id if you report it."
    )
    return respond(request, Refusal(errors.INTERNAL, message))
