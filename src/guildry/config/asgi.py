"""The site as the server runs it: pages and API in threads, files and probes on the loop, sockets at the gateway."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream, WSGIHandler, WSGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import ResolverMatch, get_resolver
from django.utils.log import log_response

from guildry.kernel.errors import DomainError
from guildry.kernel.points import FILE_USES
from guildry.people.accounts import events as accounts_events
from guildry.people.accounts import queries as accounts
from guildry.people.accounts import rules as accounts_rules
from guildry.platform.health import queries as health
from guildry.platform.lifecycle.bridge import Answer, Bridge, Headers, Pool, Scope, plain
from guildry.platform.lifecycle.serving import static
from guildry.platform.lifecycle.serving.server import Site
from guildry.platform.perimeter import queries as perimeter
from guildry.platform.perimeter import rules as perimeter_rules
from guildry.platform.perimeter.views import answers
from guildry.platform.realtime.gateway import GATEWAY
from guildry.platform.realtime.gateway.entrance import Doors, Pass, Review
from guildry.platform.realtime.gateway.lines import Refusing

# Room for the other fields of a form around its largest file.
FORM_AROUND_FILE = 1024 * 1024
# What members send over sockets does not stand in line behind pages.
SOCKET_THREADS = 1


# What is answered without a page shows, runs and is framed nowhere.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Request(WSGIRequest):
    """Django's request, which takes the short way where there is nothing to decode."""

    _encoding: str | None

    def __init__(self, environ: dict[str, Any]) -> None:
        path = environ["PATH_INFO"]
        if (
            environ.get("CONTENT_LENGTH")
            or "CONTENT_TYPE" in environ
            or not path.isascii()
            or path[:1] != "/"
        ):
            super().__init__(environ)
            return
        self.environ = self.META = environ
        self.path = self.path_info = path
        self.method = environ["REQUEST_METHOD"].upper()
        self.content_type, self.content_params = "", {}
        self._stream: Any = LimitedStream(environ["wsgi.input"], 0)
        self._read_started = False
        self.resolver_match = None

    @cached_property
    def GET(self) -> Any:  # type: ignore[override]  # noqa: N802 - Django's name, read once
        text = self.environ.get("QUERY_STRING", "")
        if self._encoding or not _PLAIN_QUERY.fullmatch(text) or text.count("&") > _MOST_PLAIN:
            return QueryDict(text.encode("latin-1"), encoding=self._encoding)
        return plain_query(text)


_PLAIN_QUERY, _MOST_PLAIN = re.compile(r"[A-Za-z0-9_.~=&-]*"), 50


def plain_query(text: str) -> QueryDict:
    """Return what a query says in which nothing is escaped: what Django's own reader returns, without its detours."""
    query: Any = QueryDict.__new__(QueryDict)
    plain: dict[str, list[Any]] = query
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            values: list[Any] = dict.setdefault(plain, name, [])
            values.append(value)
    query.encoding, query._mutable = "utf-8", False
    result: QueryDict = query
    return result


class Handler(WSGIHandler):
    """Django's handler without what no request needs: the site has one prefix, and one list of addresses.

    It remembers what an address without variable parts leads to.
    """

    request_class = Request

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, ResolverMatch] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> HttpResponse:
        for open_connection in connections.all(initialized_only=True):
            open_connection.queries_log.clear()
            open_connection.close_if_unusable_or_obsolete()
        request = self.request_class(environ)
        response: Any = self._middleware_chain(request)  # type: ignore[attr-defined]  # Django keeps it private
        response._resource_closers.append(request.close)
        response.close = partial(_close, response)
        if response.status_code >= 400:
            log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)
        cookies = (("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values())
        # As `items()` returns them, which makes each pair anew.
        written = response.headers._store.values()
        start_response(f"{response.status_code} {response.reason_phrase}", [*written, *cookies])
        return response

    def resolve_request(self, request: HttpRequest) -> Any:
        match = self._known.get(request.path_info)
        if match is None:
            match = super().resolve_request(request)
            if not (match.args or match.kwargs):
                self._known[request.path_info] = match
        request.resolver_match = match
        return match


def _close(response: HttpResponse) -> None:
    """Let go of what a response held; Django's own way also asks every receiver of a signal that the handler needs not.

    What held itself would lie in memory until the collector comes, which is after hundreds of pages.
    """
    del response.close
    for closer in response._resource_closers:  # type: ignore[attr-defined]  # Django keeps it private
        with suppress(Exception):
            closer()
    response._resource_closers.clear()  # type: ignore[attr-defined]
    response.closed = True


def build(pool: Pool, roles: frozenset[str]) -> Bridge:
    """Return the application for the roles this process plays; probes answer in every role."""
    is_web = "web" in roles
    if is_web:
        # The first visitor should not wait for the import of every page.
        get_resolver().url_patterns  # noqa: B018
    largest_file = max((use.max_bytes for use in FILE_USES), default=0)
    return Bridge(
        Handler() if is_web else None,
        pool,
        largest_body=max(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, largest_file + FORM_AROUND_FILE),
        static=static.answers(_standing()) if is_web else None,
        sockets=GATEWAY.mount(Pool(SOCKET_THREADS), DOORS, _refusing()) if "realtime" in roles else None,
        quick=_quick(is_web),
        refuses=perimeter.missing_for,
        standing=_standing(),
    )


def _standing() -> Headers:
    """Return what the perimeter says with every page, for what is answered without one."""
    origin = settings.ORIGIN if settings.IS_SECURE else ""
    standing = perimeter_rules.standing_headers(origin=origin, mode=perimeter_rules.ENFORCE)
    told = {"Content-Security-Policy": NOTHING} | standing
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]


def _refusing() -> Refusing:
    """Return how a request for a websocket is refused: as a program that asks for a page is, and with the same headers."""
    standing = [(name.decode(), value.decode()) for name, value in _standing()]

    def answer(path: str, traceparent: str, error: DomainError) -> tuple[list[tuple[str, str]], bytes]:
        headers, body = answers.refused_socket(path, traceparent, error)
        return [*headers, *standing], body

    return answer


def _quick(is_web: bool) -> dict[str, Callable[[Scope], Answer]]:
    """Return what is answered on the loop: the probes, and figures where no pages are served."""
    quick = {path: _answering(probe) for path, probe in health.PROBES.items()}
    return quick if is_web else quick | {"/ops/metrics": _metrics}


def _answering(probe: health.Probe) -> Callable[[Scope], Answer]:
    def answer(_: Scope) -> Answer:
        status, body = probe()
        return _plainly(status, b"application/json", body)

    return answer


def _metrics(scope: Scope) -> Answer:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode(
        "latin-1"
    )
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not health.is_ops_token(token.strip()):
        return plain(401, "A token for monitoring is needed.", (b"www-authenticate", b"Bearer"))
    return _plainly(200, b"text/plain; version=0.0.4; charset=utf-8", health.metrics())


def _plainly(status: int, media_type: bytes, body: bytes) -> Answer:
    headers = [
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return Answer(status, headers, body)


def _by_session(key: str) -> tuple[Any, Pass] | None:
    found = accounts.member_of_session(key)
    return (
        (found.member, Pass(found.member.pk, session_id=found.session_id)) if found and found.member else None
    )


def _again(proof: Pass) -> Any:
    return accounts.member_of(session_id=proof.session_id, token_id=proof.token_id)


def _reaches(proof: Pass, area: str, is_writing: bool) -> bool:
    if proof.token_id is None:
        return True
    scopes = accounts.scopes_of(proof.token_id)
    return accounts_rules.is_allowed_by(scopes, method="POST" if is_writing else "GET", area=area)


def _whom(fact: Any) -> int:
    member_id: int = fact.member_id
    return member_id


DOORS = Doors(
    by_session=_by_session,
    again=_again,
    reaches=_reaches,
    reviews={
        accounts_events.SessionEnded.name: Review(_whom, "session_ended"),
        accounts_events.PasswordChanged.name: Review(_whom, "session_ended"),
        accounts_events.MemberSuspended.name: Review(_whom, "suspended"),
        accounts_events.TokenRevoked.name: Review(_whom, "token_revoked"),
        accounts_events.RoleRevoked.name: Review(_whom, "forbidden"),
    },
)
SITE = Site(build, websocket_protocol="guildry.platform.realtime.gateway.lines:Line")
