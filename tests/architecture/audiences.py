"""Who each view, API operation and socket event says it is for, and somebody to try it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from guildry.config.api import api
from guildry.kernel import limits
from guildry.kernel.points import NAMESPACES, Namespace, SocketEvent
from guildry.people.accounts.models import Member

PUBLIC, MEMBER = "public", "member"

HOW_TO_DECLARE = """{where} does not say who may use it. Mark it with exactly one of:
  @permissions.public                 everybody, guests too            (guildry.kernel.permissions)
  @login_required                     every signed-in member           (django.contrib.auth.decorators)
  @permissions.needs("area.verb")     holders of a permission          (guildry.kernel.permissions)
An API operation takes members unless it has auth=None and @permissions.public, or @permissions.needs.
It says now: {said}."""

# What ninja itself answers under its prefix cannot carry a mark: the document describes, the root is a 404.
LIBRARY_VIEWS = {"openapi-json": PUBLIC, "openapi-view": PUBLIC, "api-root": PUBLIC}
SAFE = ("GET", "HEAD")


class Undeclared(AssertionError):
    def __init__(self, where: str, said: tuple[str, ...]) -> None:
        super().__init__(HOW_TO_DECLARE.format(where=where, said=" and ".join(said) or "nothing"))


@dataclass(frozen=True)
class Entry:
    """One way in: `marks` is everything it says about who may use it, `url` an address that reaches it."""

    where: str
    url: str
    marks: tuple[str, ...]
    methods: tuple[str, ...] = ("GET", "POST")

    @property
    def audience(self) -> str:
        """Return `public`, `member` or the name of a permission; raises Undeclared unless it says exactly one."""
        if len(self.marks) != 1:
            raise Undeclared(self.where, self.marks)
        return self.marks[0]

    @property
    def kind(self) -> str:
        """Return `public`, `member` or `permission`; empty when it says nothing or too much."""
        said = self.marks[0] if len(self.marks) == 1 else ""
        return said if said in (PUBLIC, MEMBER, "") else "permission"


@dataclass(frozen=True)
class Answer:
    status: int
    location: str = ""
    text: str = ""
    headers: Any = None

    @property
    def leads_to_sign_in(self) -> bool:
        return self.status == 302 and self.location.split("?")[0] == resolve_url(settings.LOGIN_URL)

    @property
    def code(self) -> str:
        """Return the code of the problem document it is; empty for anything else."""
        is_problem = self.headers["Content-Type"] == "application/problem+json"
        return str(json.loads(self.text)["code"]) if is_problem else ""

    def __str__(self) -> str:
        return f"{self.status} {self.location}".strip()


class Caller:
    """Calls addresses as one person, each time as if it were the first, and leaves nothing behind."""

    def __init__(self, member: Member | None = None, *, token: str = "", checks_csrf: bool = False) -> None:
        self._client = Client(enforce_csrf_checks=checks_csrf, raise_request_exception=False)
        if member:
            self._client.force_login(member)
        self._cookies = {name: morsel.value for name, morsel in self._client.cookies.items()}
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, url: str) -> Answer:
        """Call with an empty body of the kind the address takes."""
        limits.forget_all()
        self._client.cookies.load(self._cookies)
        is_json = method not in SAFE and url.startswith("/api/")
        body: Any = {"data": "{}", "content_type": "application/json"} if is_json else {}
        with transaction.atomic():
            response: Any = self._client.generic(method, url, headers=self._headers, **body)
            text = "" if response.streaming else response.content.decode(errors="replace")
            transaction.set_rollback(True)
        return Answer(response.status_code, response.headers.get("Location", ""), text, response.headers)


def marks_of(callback: Any) -> tuple[str, ...]:
    """Return every audience a view declares; an undecorated one declares none."""
    said = [PUBLIC] if getattr(callback, "is_public", False) else []
    # Django's login_required leaves the name of the sign-in page behind, whatever it is.
    said += [MEMBER] if hasattr(callback, "login_url") else []
    said += [name] if (name := getattr(callback, "needs_permission", "")) else []
    return tuple(said)


def views() -> list[Entry]:
    """Return every HTML view, and what a library answers by itself, in the order of the address table."""
    found = []
    for route, pattern, is_api in _patterns(get_resolver().url_patterns, "/"):
        name = str(pattern.name)
        if is_api and name not in LIBRARY_VIEWS:
            continue
        marks = (LIBRARY_VIEWS[name],) if is_api else marks_of(pattern.callback)
        found.append(Entry(route, _filled(route), marks))
    return found


def api_routes() -> set[str]:
    """Return the addresses that the API has in the address table."""
    return {
        _normal(route)
        for route, pattern, is_api in _patterns(get_resolver().url_patterns, "/")
        if is_api and str(pattern.name) not in LIBRARY_VIEWS
    }


def operations() -> list[Entry]:
    """Return every API operation, one entry a method."""
    found = []
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            route = _normal(f"/api/v1/{router.prefix}{path}")
            for operation in view.operations:
                marks = _operation_marks(operation)
                found += [Entry(f"{m} {route}", _filled(route), marks, (m,)) for m in operation.methods]
    return found


def socket_events() -> list[tuple[Namespace, SocketEvent]]:
    return [(namespace, event) for namespace in NAMESPACES for event in namespace.events]


def _operation_marks(operation: Any) -> tuple[str, ...]:
    said = marks_of(operation.view_func)
    is_guarded = bool(operation.auth_callbacks)
    if is_guarded and not said:
        return (MEMBER,)
    # A permission needs a member first, and whoever is public asks for nobody.
    is_sound = is_guarded != (PUBLIC in said)
    return said if is_sound else (*said, "auth" if is_guarded else "auth=None")


def _patterns(
    patterns: list[Any], prefix: str, is_api: bool = False
) -> Iterator[tuple[str, URLPattern, bool]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, route, is_api or pattern.app_name == "ninja")
        else:
            yield route, pattern, is_api


def _normal(route: str) -> str:
    return re.sub(r"/+", "/", re.sub(r"[<{](?:\w+:)?(\w+)[>}]", r"{\1}", route)).rstrip("/")


_NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
_SAMPLES = {"section": "experience", "uidb36": "1", "key": "0" * 32, "digest": "0" * 16}
MISSING = "987654321"


def _filled(route: str) -> str:
    """Put something well formed, but of nobody, in each placeholder."""

    def sample(match: re.Match[str]) -> str:
        kind, name = match["kind"] or "", match["name"]
        return MISSING if kind == "int" or name.endswith("_id") else _SAMPLES.get(name, "nobody-such")

    plain = _NAMED.sub(r"<str:\1>", route).replace("^", "").replace("$", "")
    return re.sub(r"[<{](?:(?P<kind>\w+):)?(?P<name>\w+)[>}]", sample, plain)
