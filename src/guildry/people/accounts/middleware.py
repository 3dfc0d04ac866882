"""Who is asking: the session of a browser or the token of a program, in one query either way."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from guildry.kernel import answering, clock, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, queries, rules
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import TokenHolder

Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("guildry.accounts")


class TokenRefused(errors.Unauthenticated):
    problem = errors.problem("token-refused", 401, "That token does not work")
    detail = "This access token is unknown, expired or revoked. Make a new one under Settings, Tokens."
    challenge = 'error="invalid_token"'


class ScopeMissing(errors.Forbidden):
    problem = errors.problem("scope-missing", 403, "That token may not do this")
    detail = "This access token does not have the scope for this. Make one that has."

    def __init__(self, scope: str) -> None:
        self.challenge = f'error="insufficient_scope", scope="{scope}"'
        super().__init__(f"This access token does not have the scope {scope}. Make one that has.")


class sessions(SessionMiddleware):  # noqa: N801 - Django names middleware by its dotted path, like a function
    """Django's session middleware, telling each session which device it is on."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        session: Any = request.session
        session.user_agent = str(request.META.get("HTTP_USER_AGENT", ""))[:400]
        session.address = str(request.META.get("REMOTE_ADDR", ""))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session: Any = request.session
        is_ended = session.is_empty() and settings.SESSION_COOKIE_NAME in request.COOKIES
        if session.modified or is_ended:
            return super().process_response(request, response)
        if session.accessed:
            answering.vary_on(response, "Cookie")
        return response


def members(get_response: Handler) -> Handler:
    """Set `request.user`, and note afterwards when it was last seen."""

    def handle(request: HttpRequest) -> HttpResponse:
        known: Any = request
        known.token_holder, known.token_refusal = None, None
        known.user = AnonymousUser()
        known.user = _identify(request)
        response = get_response(request)
        _note_use(request)
        return response

    return handle


def _identify(request: HttpRequest) -> Member | AnonymousUser:
    if (token := _bearer(request)) is not None:
        return _by_token(request, token)
    session: Any = request.session
    return session.member() or AnonymousUser()


def _bearer(request: HttpRequest) -> str | None:
    scheme, _, token = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    return token.strip() if scheme.lower() == "bearer" and request.path_info.startswith("/api/") else None


def _by_token(request: HttpRequest, token: str) -> Member | AnonymousUser:
    known: Any = request
    holder = queries.authenticate_token(token)
    if holder is None:
        known.token_refusal = TokenRefused()
        return AnonymousUser()
    area = request.path_info.removeprefix("/api/v1/").partition("/")[0]
    if not rules.is_allowed_by(holder.scopes, method=str(request.method), area=area):
        known.token_refusal = ScopeMissing(rules.scope_for(method=str(request.method), area=area))
        return AnonymousUser()
    known.token_holder = holder
    return holder.member


def _note_use(request: HttpRequest) -> None:
    """Write at most once a minute; a database that takes no writes right now costs nobody their page."""
    holder: TokenHolder | None = request.token_holder  # type: ignore[attr-defined]
    session: Any = request.session
    now = clock.now()
    try:
        if holder:
            if rules.is_due(holder.last_used_at, now):
                actions.touch_token(SYSTEM, token_id=holder.token_id, used_at=now)
        elif (seen := session.seen()) and seen.member and rules.is_due(seen.last_seen_at, now):
            actions.touch_session(SYSTEM, session_id=seen.session_id, seen_at=now)
    except OperationalError as error:
        log.warning("last_seen_not_written", error=str(error)[:200])
