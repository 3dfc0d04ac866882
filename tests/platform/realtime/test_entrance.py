"""Who is let in, and what a program may do with the token behind its ticket."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import OperationalError

from guildry.config.asgi import DOORS
from guildry.kernel import errors
from guildry.kernel.points import NAMESPACES, SocketEvent
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.people.accounts.sessions import SessionStore
from guildry.platform.realtime import actions, rules
from guildry.platform.realtime.gateway import entrance, events
from guildry.platform.realtime.gateway.entrance import Arrival, Pass

pytestmark = pytest.mark.django_db
TIMELINE, ME = "/timeline", "/me"
STRANGER = Arrival("192.0.2.1", "", "testserver", "")


def session_of(member: Member) -> str:
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(member.pk), member.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store.save()
    return str(store.session_key)


def token_of(member: Member, *scopes: str) -> int:
    return int(accounts.issue_token(member, name="tests", scopes=scopes, days=7).token.pk)


def admitted(member: Member, path: str, *scopes: str) -> Pass:
    """Let a program in with a ticket that a token of these scopes made."""
    ticket = actions.issue_ticket(member, token_id=token_of(member, *scopes)).secret
    return entrance.admit(DOORS, STRANGER, path, {"ticket": ticket})[2]


def handled(proof: Pass, name: str = "notification.read", *arguments: Any) -> dict[str, Any]:
    return dict(events.handle(DOORS, NAMESPACES[ME], "sid", proof, name, arguments or ({"ids": []},)))


def test_a_session_lets_its_member_in_from_our_own_pages(ada: Member) -> None:
    arrival = Arrival("127.0.0.1", "http://testserver", "testserver", session_of(ada))

    namespace, viewer, proof = entrance.admit(DOORS, arrival, TIMELINE, None)

    assert (namespace.path, viewer, proof.member_id, proof.token_id) == (TIMELINE, ada, ada.pk, None)


@pytest.mark.parametrize(
    ("origin", "host"), [("", "testserver"), ("http://evil.example", "testserver"), ("http://other", "other")]
)
def test_a_session_lets_nobody_in_from_elsewhere(ada: Member, origin: str, host: str) -> None:
    with pytest.raises(entrance.WrongOrigin):
        entrance.admit(DOORS, Arrival("127.0.0.1", origin, host, session_of(ada)), TIMELINE, None)


@pytest.mark.parametrize("auth", [None, {}, {"ticket": ""}])
def test_nobody_comes_in_without_proof(auth: Any) -> None:
    with pytest.raises(errors.Unauthenticated):
        entrance.admit(DOORS, STRANGER, TIMELINE, auth)


def test_a_ticket_of_a_session_that_ended_is_refused(ada: Member) -> None:
    ticket = actions.issue_ticket(ada, session_id=12345).secret

    with pytest.raises(actions.TicketRefused):
        entrance.admit(DOORS, STRANGER, TIMELINE, {"ticket": ticket})


def test_connecting_too_often_is_refused_with_the_time_to_wait() -> None:
    refusals: list[errors.DomainError] = []
    # While a machine is busy, some of the allowance comes back before it is used up.
    for _ in range(2 * rules.CONNECTS_PER_ADDRESS[0]):
        with pytest.raises(errors.DomainError) as refused:
            entrance.admit(DOORS, STRANGER, "/nowhere", None)
        refusals.append(refused.value)

    assert {type(refusal) for refusal in refusals[: rules.CONNECTS_PER_ADDRESS[0]]} == {
        entrance.UnknownNamespace
    }
    assert type(refusals[-1]) is errors.TooMany
    assert (refusals[-1].retry_after or 0) > 0


@pytest.mark.parametrize(
    ("path", "scopes"),
    [
        (TIMELINE, ("read",)),
        (TIMELINE, ("write",)),
        (TIMELINE, ("timeline.read",)),
        (ME, ("realtime.write", "notifications.read")),
    ],
)
def test_a_token_that_may_read_an_area_may_listen_there(
    ada: Member, path: str, scopes: tuple[str, ...]
) -> None:
    assert admitted(ada, path, *scopes).member_id == ada.pk


@pytest.mark.parametrize(
    ("path", "scopes"),
    [(ME, ("timeline.write",)), (TIMELINE, ("realtime.write",)), (TIMELINE, ("notifications.read",))],
)
def test_a_token_of_another_area_may_not_listen(ada: Member, path: str, scopes: tuple[str, ...]) -> None:
    with pytest.raises(entrance.BeyondScope):
        admitted(ada, path, *scopes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scopes", [("write",), ("notifications.write",), ("read", "notifications.write")])
def test_events_of_a_token_that_may_write_are_taken(ada: Member, scopes: tuple[str, ...]) -> None:
    assert handled(admitted(ada, ME, *scopes)) == {"ok": True, "unread": 0}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "scopes", [("read",), ("notifications.read",), ("notifications.read", "timeline.write")]
)
def test_events_of_a_token_that_may_only_read_are_refused(ada: Member, scopes: tuple[str, ...]) -> None:
    answer = handled(admitted(ada, ME, *scopes))

    assert (answer["ok"], answer["code"]) == (False, "beyond_scope")


@pytest.mark.django_db(transaction=True)
def test_events_of_a_pass_that_is_over_are_refused(ada: Member) -> None:
    proof = admitted(ada, ME, "write")
    accounts.revoke_token(ada, token_id=proof.token_id or 0)

    assert handled(proof)["code"] == "unauthenticated"


@pytest.mark.django_db(transaction=True)
def test_an_event_that_nobody_declared_is_refused(ada: Member) -> None:
    assert handled(admitted(ada, ME, "write"), "shout")["code"] == "unknown_event"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("error", "code", "wait"),
    [
        (OperationalError("database is locked"), "unavailable", 2.0),
        (OperationalError("no such table: x"), "internal", None),
        (ZeroDivisionError(), "internal", None),
    ],
)
def test_an_event_that_could_not_be_stored_says_so_and_whether_to_try_again(
    ada: Member, error: Exception, code: str, wait: float | None
) -> None:
    def fail(session: Any, payload: Any) -> dict[str, Any]:
        raise error

    hall = replace(NAMESPACES[ME], events=(SocketEvent("say", events.Resume, fail),))

    answer = events.handle(DOORS, hall, "sid", admitted(ada, ME, "write"), "say", ({},))

    assert (answer["ok"], answer["code"], answer.get("retry_after")) == (False, code, wait)


def test_the_opening_request_is_read_once() -> None:
    headers = [(b"Cookie", b"guildry=abc; other=1"), (b"origin", b"http://here"), (b"Host", b"here")]

    arrival = Arrival.of({"client": ("192.0.2.7", 5), "headers": headers})

    assert arrival == Arrival("192.0.2.7", "http://here", "here", "abc")
    assert Arrival.of({"headers": []}) == Arrival("", "", "", "")
