"""Who gets in: tokens with their scopes, sessions with their CSRF token, guests where it is public; never a redirect."""

from datetime import timedelta
from typing import Any

import pytest

from guildry.community.timeline.models import Post
from guildry.config.api import api
from guildry.kernel import clock, limits
from guildry.people.accounts.actions import issue_token, revoke_token
from guildry.people.accounts.models import AccessToken, Member
from guildry.people.accounts.rules import AREAS
from tests.contract.conftest import Caller, World, browser_of
from tests.factories.people import PASSWORD

POSTS = "timeline/posts"
HELLO = {"body": "Hello from a program"}


def token_with(member: Member, *scopes: str) -> Caller:
    return Caller(issue_token(member, name="test", scopes=scopes, days=7).secret)


def browser(member: Member) -> Caller:
    caller = Caller()
    caller.headers = browser_of(member)
    return caller


def private_operations() -> list[tuple[str, str]]:
    return [
        (method.upper(), path.removeprefix("/api/v1/"))
        for path, methods in api.document["paths"].items()
        for method, described in methods.items()
        if {} not in described["security"]
    ]


def test_a_token_writes_without_a_csrf_token(program: Caller, world: World) -> None:
    answer = program("POST", POSTS, HELLO)

    assert (answer.status_code, answer.json()["author"]["id"]) == (201, world.ada.pk)


def test_a_session_writes_with_its_csrf_token(ada: Member) -> None:
    assert browser(ada)("POST", POSTS, HELLO).status_code == 201


def test_a_session_without_its_csrf_token_changes_nothing(ada: Member) -> None:
    caller = browser(ada)
    del caller.headers["X-CSRFToken"]

    answer = caller("POST", POSTS, HELLO)

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert Post.objects.count() == 0


def test_a_session_reads_without_a_csrf_token(ada: Member) -> None:
    caller = browser(ada)
    del caller.headers["X-CSRFToken"]

    assert caller("GET", "me").json()["handle"] == "ada"


@pytest.mark.parametrize("scopes", [("read",), ("timeline.read",), ("network.write",), ("me.write", "read")])
def test_a_token_without_the_scope_is_told_which_one_is_missing(ada: Member, scopes: tuple[str, ...]) -> None:
    answer = token_with(ada, *scopes)("POST", POSTS, HELLO)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert answer["WWW-Authenticate"] == (
        'Bearer realm="guildry", error="insufficient_scope", scope="timeline.write"'
    )
    assert "timeline.write" in answer.json()["detail"]
    assert Post.objects.count() == 0


@pytest.mark.parametrize("scope", ["write", "timeline.write"])
def test_a_token_with_the_scope_may_write_and_read(ada: Member, scope: str) -> None:
    caller = token_with(ada, scope)

    assert caller("POST", POSTS, HELLO).status_code == 201
    assert caller("GET", "timeline/drafts").status_code == 200


def test_the_scopes_of_the_document_are_the_ones_that_are_asked_for() -> None:
    named = {
        scope
        for methods in api.document["paths"].values()
        for described in methods.values()
        for entry in described["security"]
        for scope in entry.get("token", ())
    }

    assert {scope.split(".")[0] for scope in named} == set(AREAS)
    assert {scope.split(".")[1] for scope in named} == {"read", "write"}


def test_a_token_of_one_area_opens_no_other(ada: Member) -> None:
    caller = token_with(ada, *(f"{area}.write" for area in AREAS if area != "notifications"))

    assert caller("GET", "notifications").json()["code"] == "scope_missing"
    assert caller("GET", "network/following").status_code == 200


@pytest.mark.parametrize("fate", ["unknown", "expired", "revoked", "suspended"])
@pytest.mark.parametrize("address", ["me", POSTS])
def test_a_token_that_does_not_work_is_refused_everywhere(ada: Member, fate: str, address: str) -> None:
    issued = issue_token(ada, name="old", scopes=["read"], days=7)
    secret = "gld_unknown" if fate == "unknown" else issued.secret
    if fate == "expired":
        AccessToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    if fate == "revoked":
        revoke_token(ada, token_id=issued.token.pk)
    if fate == "suspended":
        Member.objects.update(is_active=False)

    answer = Caller(secret)("GET", address)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer realm="guildry", error="invalid_token"'


def test_a_guest_reads_what_is_public(guest: Caller) -> None:
    assert guest("GET", POSTS).json() == {"items": [], "next_cursor": ""}


def test_a_guest_is_kept_out_of_everything_else_and_sent_nowhere(guest: Caller) -> None:
    answers = {}
    for method, path in private_operations():
        limits.forget_all()
        answers[method, path] = guest(method, path.replace("{", "").replace("}", ""))

    assert len(answers) > 90
    assert {answer.status_code for answer in answers.values()} == {401}
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert {answer["WWW-Authenticate"] for answer in answers.values()} == {'Bearer realm="guildry"'}


def test_using_a_token_is_noted_once_a_minute(ada: Member) -> None:
    caller, now = token_with(ada, "read"), clock.now()

    seen = []
    for seconds in (0, 30, 61):
        with clock.at(now + timedelta(seconds=seconds)):
            caller("GET", "me")
        seen.append(AccessToken.objects.get().last_used_at)

    assert seen == [now, now, now + timedelta(seconds=61)]


def test_a_call_with_a_used_token_costs_one_query_for_knowing_it(
    ada: Member, django_assert_num_queries: Any
) -> None:
    caller = token_with(ada, "read")
    caller("GET", "me")

    with django_assert_num_queries(1):
        caller("GET", "me")


def test_a_token_makes_no_tokens(program: Caller) -> None:
    answer = program("POST", "me/tokens", {"name": "more", "scopes": ["write"], "days": 365})

    assert (answer.status_code, answer.json()["code"]) == (403, "confirmation_needed")
    assert AccessToken.objects.count() == 1


def test_a_session_confirmed_a_moment_ago_makes_a_token_that_is_shown_once(ada: Member) -> None:
    caller = Caller()
    confirm(caller, ada)

    made = caller("POST", "me/tokens", {"name": "backup", "scopes": ["timeline.read"], "days": 30})

    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert Caller(made.json()["secret"])("GET", "timeline/drafts").status_code == 200
    assert "secret" not in caller("GET", "me/tokens").json()[0]


def test_a_session_that_was_never_confirmed_makes_no_token(ada: Member) -> None:
    answer = browser(ada)("POST", "me/tokens", {"name": "backup", "scopes": ["read"], "days": 30})

    assert (answer.status_code, answer.json()["code"]) == (403, "confirmation_needed")
    assert AccessToken.objects.count() == 0


def test_revoking_a_token_ends_it_at_once(program: Caller) -> None:
    mine = program("GET", "me/tokens").json()[0]

    assert program("DELETE", f"me/tokens/{mine['id']}").status_code == 204
    assert program("GET", "me").json()["code"] == "token_refused"


def test_nobody_revokes_the_token_of_somebody_else(program: Caller, ben: Member) -> None:
    other = issue_token(ben, name="ben", scopes=["read"], days=7)

    assert program("DELETE", f"me/tokens/{other.token.pk}").status_code == 404
    assert Caller(other.secret)("GET", "me").status_code == 200


def test_an_address_that_is_not_there_is_a_problem(guest: Caller) -> None:
    answer = guest("GET", "stocks")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_look_at_the_head_alone_is_a_read(guest: Caller, ada: Member) -> None:
    whole, head = guest("GET", POSTS), guest("HEAD", POSTS)

    assert (head.status_code, head["ETag"]) == (200, whole["ETag"])
    assert guest("HEAD", "me").status_code == 401
    assert token_with(ada, "me.read")("HEAD", "me").status_code == 200


def test_a_method_that_is_not_taken_says_which_ones_are(guest: Caller) -> None:
    answer = guest("DELETE", POSTS)

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert {name.strip() for name in answer["Allow"].split(",")} == {"GET", "POST"}


def confirm(caller: Caller, member: Member) -> None:
    """Sign in and confirm the password, as people do, and go on from that session."""
    caller.client.force_login(member)
    page = caller.client.get("/confirm/password/").content.decode()
    caller.headers = {"X-CSRFToken": page.split('data-csrf="')[1].split('"')[0]}
    answer = caller.client.post("/confirm/password/", {"password": PASSWORD}, headers=caller.headers)
    assert answer.status_code in (302, 303)
