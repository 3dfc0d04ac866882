"""The doors of the gateway: proof of who connects, and what each connection may use up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from guildry.kernel import errors, limits, permissions
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import NAMESPACES, Namespace
from guildry.platform.realtime import actions, rules


class UnknownNamespace(errors.NotFound):
    problem = errors.problem("unknown-namespace", 404, "No such namespace")
    detail = "There is no namespace of this name."


class WrongOrigin(errors.Forbidden):
    problem = errors.problem("wrong-origin", 403, "Only our own pages may do that")
    detail = (
        "A browser's session opens sockets from our own pages only. Other programs connect with a ticket."
    )


class BeyondScope(errors.Forbidden):
    problem = errors.problem("beyond-scope", 403, "That token may not do this")
    detail = "The access token behind this ticket does not have the scope for this. Make one that has."


class TooManyConnections(errors.TooMany):
    problem = errors.problem("too-many-connections", 429, "Too many connections", retryable=True)
    detail = "You have many windows or programs connected already. Close one, then try again."


@dataclass(frozen=True)
class Pass:
    """By what a member is here: the session of a browser or the token of a program."""

    member_id: int
    session_id: int | None = None
    token_id: int | None = None


@dataclass(frozen=True)
class Review:
    """After a fact, whose sockets have to prove themselves again, and what those are told that cannot."""

    whom: Callable[[Any], int]
    reason: str


@dataclass(frozen=True)
class Doors:
    """How the gateway learns about members, handed in by the composition root.

    `by_session` answers a cookie's key, `again` a pass that was good before; both return None when it is over.
    `reaches` tells whether a pass may read (False) or write (True) in an area of the API.
    """

    by_session: Callable[[str], tuple[Any, Pass] | None]
    again: Callable[[Pass], Any]
    reaches: Callable[[Pass, str, bool], bool]
    reviews: dict[str, Review]


# Of a process without sockets, and of every process until its application is built.
CLOSED = Doors(lambda key: None, lambda proof: None, lambda proof, area, is_writing: False, {})


class Auth(msgspec.Struct, forbid_unknown_fields=True):
    ticket: str = ""


@dataclass(frozen=True)
class Arrival:
    """What the opening request of a websocket said."""

    address: str
    origin: str
    host: str
    session_key: str

    @classmethod
    def of(cls, scope: dict[str, Any]) -> "Arrival":
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        cookies = parse_cookie(headers.get(b"cookie", ""))
        return cls(
            (scope.get("client") or ("",))[0],
            headers.get(b"origin", ""),
            headers.get(b"host", ""),
            cookies.get(settings.SESSION_COOKIE_NAME, ""),
        )


def admit(doors: Doors, arrival: Arrival, path: str, auth: Any) -> tuple[Namespace, Any, Pass]:
    """Return the namespace, the member and their pass; raises the refusal that fits. Runs in a worker thread."""
    _spend(f"address:{arrival.address}", rules.CONNECTS_PER_ADDRESS)
    namespace = NAMESPACES.get(path)
    if namespace is None:
        raise UnknownNamespace
    ticket = _ticket_in(auth)
    viewer, proof = _by_ticket(doors, ticket) if ticket else _by_session(doors, arrival)
    _spend(f"member:{proof.member_id}", rules.CONNECTS_PER_MEMBER)
    check_reach(doors, proof, namespace, is_writing=False)
    if namespace.permission:
        permissions.require(viewer, namespace.permission)
    return namespace, viewer, proof


def check_reach(doors: Doors, proof: Pass, namespace: Namespace, *, is_writing: bool) -> None:
    """Raise BeyondScope when a program's token covers less than what its socket is about to do."""
    if not doors.reaches(proof, namespace.area, is_writing):
        raise BeyondScope


def _by_ticket(doors: Doors, secret: str) -> tuple[Any, Pass]:
    row = actions.redeem_ticket(SYSTEM, secret=secret)
    proof = Pass(row.member_id, row.session_id, row.token_id)
    if (viewer := doors.again(proof)) is None:
        raise actions.TicketRefused
    return viewer, proof


def _by_session(doors: Doors, arrival: Arrival) -> tuple[Any, Pass]:
    if not arrival.session_key:
        raise errors.Unauthenticated
    hostname, _ = split_domain_port(arrival.host)
    is_ours = rules.is_own_origin(arrival.origin, arrival.host, secure=settings.IS_SECURE)
    if not (is_ours and validate_host(hostname, settings.ALLOWED_HOSTS)):
        raise WrongOrigin
    found = doors.by_session(arrival.session_key)
    if found is None:
        raise errors.Unauthenticated
    return found


def _ticket_in(auth: Any) -> str:
    try:
        return msgspec.convert(auth or {}, Auth).ticket
    except msgspec.ValidationError as error:
        raise errors.Malformed(f"auth takes a ticket and nothing else: {error}.") from error


def _spend(key: str, allowance: tuple[int, float]) -> None:
    burst, per_second = allowance
    limits.spend(f"socket.connect:{key}", burst=burst, per_second=per_second)
