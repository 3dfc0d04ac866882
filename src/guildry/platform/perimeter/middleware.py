"""What happens around every request: identity, headers, limits, replays, and refusals turned into answers."""

import hashlib
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter, time

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import split_domain_port, validate_host
from django.shortcuts import resolve_url

from guildry.kernel import answering, conditional, crypto, errors, ids, limits, runtime, tracing
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import FILE_USES
from guildry.kernel.tracing import Span
from guildry.platform.perimeter import actions, queries, rules
from guildry.platform.perimeter.models import KeptReply
from guildry.platform.perimeter.views import answers
from guildry.platform.perimeter.views.answers import Refusal

Handler = Callable[[HttpRequest], HttpResponse]

_PREFLIGHT = "ACCESS_CONTROL_REQUEST_METHOD"
_UPLOADS = re.compile(r"multipart/form-data\b", re.IGNORECASE)


def arrivals(get_response: Handler) -> Handler:
    """Name each request, refuse what no view may see, and put the names on the answer."""

    def handle(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_TRACEPARENT")
        known, parent = tracing.parse(given) if given else ("", "")
        trace, span, name = known or tracing.new_trace(), tracing.new_span(), ids.uuid7_hex()
        began, clock = time(), perf_counter()
        request.trace_id, request.request_id = trace, name  # type: ignore[attr-defined]
        before = structlog.contextvars.bind_contextvars(trace_id=trace, span_id=span, request_id=name)
        try:
            refusal = _refused_at_the_door(request)
            response = answers.respond(request, refusal) if refusal else get_response(request)
        finally:
            structlog.contextvars.reset_contextvars(**before)
        answering.put(response, "X-Request-Id", name)
        answering.put(response, "traceresponse", f"00-{trace}-{span}-01")
        if request.path_info not in rules.ANY_HOST_PATHS:
            what, told = f"{request.method} {request.path_info}", {"status": response.status_code}
            tracing.record(Span(trace, span, parent, "http", what, began, perf_counter() - clock, told))
        return response

    return handle


def _refused_at_the_door(request: HttpRequest) -> Refusal | None:
    if request.method in ("TRACE", "TRACK", "CONNECT"):
        return Refusal(errors.METHOD_NOT_ALLOWED, "This method is not taken anywhere here.")
    host = request.META.get("HTTP_HOST")
    is_ours = bool(host) and _is_ours(host, tuple(settings.ALLOWED_HOSTS))
    if not is_ours and request.path_info not in rules.ANY_HOST_PATHS:
        try:
            request.get_host()
        except Exception as error:
            return answers.refusal_of(error)
    if missing := queries.missing_for(request.path_info):
        return answers.of_outage(missing)
    if not rules.is_readable_query(str(request.META.get("QUERY_STRING", ""))):
        return answers.refusal_of(errors.Malformed("The query holds a null, or is not UTF-8."))
    return _too_large(request)


@lru_cache(maxsize=200)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _too_large(request: HttpRequest) -> Refusal | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length == "0":
        return None
    if not length.isdecimal():
        return answers.refusal_of(errors.Malformed("Content-Length takes a number of bytes."))
    largest = rules.largest_body(
        request.path_info,
        is_upload=bool(_UPLOADS.match(request.content_type or "")),
        largest_file=max((use.max_bytes for use in FILE_USES), default=0),
    )
    if int(length) <= largest:
        return None
    return answers.refusal_of(errors.TooLarge(f"This address takes at most {largest} bytes at once."))


def headers(get_response: Handler) -> Handler:
    """Give each request a nonce and each response the policies of the site, unless it has stricter ones of its own."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = get_response(request)
        secure, mode = settings.IS_SECURE, runtime.value("csp.mode")
        if not answering.has(response, "content-security-policy"):
            policy = rules.content_policy(nonce, secure=secure)
            answering.put(response, rules.POLICY_HEADERS[mode], policy)
        is_indexed = runtime.value("site.is_indexed")
        answering.put_missing(response, _standing(settings.ORIGIN if secure else "", mode, is_indexed))
        if not answering.has(response, "cache-control"):
            answering.put(response, "Cache-Control", _storage_of(request, response))
        response.headers.pop("Server", None)
        return response

    return handle


@lru_cache(maxsize=20)
def _standing(secure_origin: str, mode: str, is_indexed: bool) -> answering.Prepared:
    """Return what every response carries besides its policy; on https also what keeps browsers there."""
    return answering.prepared(rules.standing_headers(origin=secure_origin, mode=mode, is_indexed=is_indexed))


def _storage_of(request: HttpRequest, response: HttpResponse) -> str:
    if answering.has(response, "etag"):
        return "private, no-cache"
    is_known = "HTTP_AUTHORIZATION" in request.META or settings.SESSION_COOKIE_NAME in request.COOKIES
    return "no-store" if is_known or response.cookies else "private, no-cache"


def sharing(get_response: Handler) -> Handler:
    """Let scripts of the origins that are listed call the API: known by their token, and never by a cookie."""

    def handle(request: HttpRequest) -> HttpResponse:
        origins = runtime.value("cors.origins")
        if not origins or not request.path_info.startswith(rules.SHARED_ROOT):
            return get_response(request)
        origin, asked = (request.META.get(f"HTTP_{name}", "") for name in ("ORIGIN", _PREFLIGHT))
        is_listed = origin in origins and origin != settings.ORIGIN
        if is_listed:
            request.META.pop("HTTP_COOKIE", None)
        is_asking = rules.is_preflight(str(request.method), asked)
        response = _leave_to_call(asked if is_listed else "") if is_asking else get_response(request)
        answering.vary_on(response, "Origin")
        if is_listed and (not is_asking or answering.has(response, "access-control-allow-methods")):
            for name, value in rules.leave_to_read(origin).items():
                answering.put(response, name, value)
        return response

    return handle


def _leave_to_call(asked: str) -> HttpResponse:
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    leave = rules.leave_to_call(asked, runtime.value("cors.methods"), runtime.value("cors.max_age"))
    for name, value in leave.items():
        answering.put(response, name, value)
    return response


def rates(get_response: Handler) -> Handler:
    """Let every member, every guest and every address spend only their allowance."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path_info in rules.ANY_HOST_PATHS:
            return get_response(request)
        kind, left = _spend(request)
        if left.wait > 0:
            actions.count_refusal(SYSTEM, rate=kind.name)
            refusal = answers.refusal_of(errors.TooMany(retry_after=left.wait))
            response = answers.respond(request, refusal) if refusal else HttpResponse(status=429)
        else:
            response = get_response(request)
        answering.put(response, "RateLimit-Policy", kind.policy)
        answering.put(response, "RateLimit", f'"{kind.name}";r={left.remaining};t={round(left.reset)}')
        return response

    return handle


def _spend(request: HttpRequest) -> tuple[rules.RateClass, limits.Allowance]:
    """Spend what a request costs; return the class that refuses it, or the one it belongs to, with what is left."""
    member, address = request.user, str(request.META.get("REMOTE_ADDR", ""))
    is_known = member.is_authenticated
    rates = queries.rates()
    kind = rates[
        rules.rate_class(
            str(request.method),
            request.path_info,
            signed_in=is_known or _bears_token(request),
            is_upload=bool(_UPLOADS.match(request.content_type or "")),
        ).name
    ]
    cost = rules.cost_of(kind, int(request.META.get("CONTENT_LENGTH") or 0))
    who = f"member:{member.pk}" if is_known else f"address:{address}"
    left = limits.take(f"{kind.name}:{who}", burst=kind.burst, per_second=kind.per_second, cost=cost)
    if left.wait > 0:
        return kind, left
    whole = rates[rules.ADDRESS.name]
    shared = limits.take_here(f"address:{address}", burst=whole.burst, per_second=whole.per_second, cost=cost)
    return (whole, shared) if shared.wait > 0 else (kind, left)


def _bears_token(request: HttpRequest) -> bool:
    return str(request.META.get("HTTP_AUTHORIZATION", "")).startswith("Bearer ")


class refusals:  # noqa: N801 - Django names middleware by its dotted path, like a function
    """Answer what a view refuses with the page, fragment or problem of its kind."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if refused := _refused_proof(request):
            return answers.respond(request, refused)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            message = f"This address takes {response.headers['Allow']}."
            allow = {"Allow": response.headers["Allow"]}
            return answers.respond(request, Refusal(errors.METHOD_NOT_ALLOWED, message, headers=allow))
        if answers.is_htmx(request) and _leads_to_sign_in(response):
            return answers.sign_in(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = answers.refusal_of(exception)
        return answers.respond(request, refusal) if refusal else None


def _refused_proof(request: HttpRequest) -> Refusal | None:
    """Return why a token was refused: whoever shows a bad one is not let in as a guest instead."""
    refused = getattr(request, "token_refusal", None)
    return answers.refusal_of(refused) if refused else None


def _leads_to_sign_in(response: HttpResponse) -> bool:
    target = response.headers.get("Location", "") if response.status_code == 302 else ""
    return bool(target) and target.split("?")[0] == resolve_url(settings.LOGIN_URL)


def entity_tags(get_response: Handler) -> Handler:
    """Give each JSON reply a tag, and answer 304 to a caller that already has it; HEAD is a GET the server cuts short."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD" and request.path_info.startswith("/api/v"):
            request.method = "GET"
        response = get_response(request)
        if not _may_be_tagged(request, response):
            return response
        if not answering.has(response, "etag"):
            answering.put(response, "ETag", conditional.weak_tag_of(response.content))
        answering.vary_on(response, "Accept", "Cookie", "Authorization")
        known = request.META.get("HTTP_IF_NONE_MATCH", "")
        if known and conditional.names(known, response.headers["ETag"], weakly=True):
            return _not_modified(response)
        return response

    return handle


def _may_be_tagged(request: HttpRequest, response: HttpResponse) -> bool:
    is_read = request.method in ("GET", "HEAD") and request.path_info.startswith("/api/v")
    return is_read and response.status_code == 200 and not response.streaming


def _not_modified(response: HttpResponse) -> HttpResponse:
    fresh = HttpResponse(status=304)
    del fresh.headers["Content-Type"]
    for name in ("ETag", "Vary", "Cache-Control"):
        if name in response.headers:
            fresh.headers[name] = response.headers[name]
    fresh.cookies = response.cookies
    return fresh


def replays(get_response: Handler) -> Handler:
    """Carry out an unsafe API call with an Idempotency-Key once, and answer its repetitions with the first reply."""

    def handle(request: HttpRequest) -> HttpResponse:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
        scope = _scope_of(request) if key and _is_unsafe_call(request) else ""
        if not scope:
            return get_response(request)
        try:
            kept = actions.claim_key(SYSTEM, scope=scope, key=key, digest=_digest_of(request))
        except errors.DomainError as refusal:
            return answers.respond(request, answers.of_domain(refusal))
        if kept:
            return _replay(kept)
        return _first_reply(request, get_response, scope, key)

    return handle


def _first_reply(request: HttpRequest, get_response: Handler, scope: str, key: str) -> HttpResponse:
    try:
        response = get_response(request)
    except BaseException:
        actions.release_key(SYSTEM, scope=scope, key=key)
        raise
    if not rules.is_kept(response.status_code):
        actions.release_key(SYSTEM, scope=scope, key=key)
        return response
    is_secret = response.streaming or _is_marked_secret(response)
    content = b"" if is_secret else response.content
    headers = {name: response.headers[name] for name in rules.KEPT_HEADERS if name in response.headers}
    actions.keep_reply(
        SYSTEM, scope=scope, key=key, status=response.status_code, headers=headers, content=content,
        is_secret=is_secret,
    )  # fmt: skip
    return response


def _is_marked_secret(response: HttpResponse) -> bool:
    """Tell whether a view asked that nobody stores its reply; refusals always do and hold nothing."""
    is_refusal = getattr(response, "is_refusal", False)
    return not is_refusal and "no-store" in response.headers.get("Cache-Control", "")


def _is_unsafe_call(request: HttpRequest) -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS") and request.path_info.startswith("/api/v")


def _scope_of(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"member:{request.user.pk}"
    token = request.META.get("HTTP_AUTHORIZATION", "")
    return f"token:{crypto.digest(token)}" if token else ""


def _digest_of(request: HttpRequest) -> str:
    """Digest what is asked for; of a form with files the parts, because each sending draws another boundary."""
    parts = [str(request.method).encode(), request.get_full_path().encode()]
    if not _UPLOADS.match(request.content_type or ""):
        return rules.digest_of([*parts, request.body])
    parts += [f"{name}={value}".encode() for name, values in request.POST.lists() for value in values]
    for name, files in request.FILES.lists():
        for file in files:
            parts += [f"{name}={file.name}".encode(), hashlib.file_digest(file, "sha256").digest()]
            file.seek(0)
    return rules.digest_of(parts)


def _replay(kept: KeptReply) -> HttpResponse:
    response = HttpResponse(kept.content, status=kept.status, headers=kept.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response
