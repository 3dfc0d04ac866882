"""Who is asking: sessions that end while they are used, tokens, and when somebody was last seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from guildry.config.urls import handler400, handler403, handler404, handler500
from guildry.config.urls import urlpatterns as addresses
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions
from guildry.people.accounts.models import AccessToken, Member, Session
from tests.factories.pages import leads_to

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def ends_meanwhile(request: HttpRequest) -> HttpResponse:
    """Keep something in a session that another device ends before the answer is ready."""
    request.session["note"] = "to self"
    actions.end_other_sessions(SYSTEM, member_id=request.user.pk or 0)
    return HttpResponse("Done")


urlpatterns = [path("ends/", ends_meanwhile), path("api/v1/ends/", ends_meanwhile), *addresses]


@pytest.fixture
def own_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_a_session_that_ends_while_its_page_is_made_leads_to_sign_in(
    own_addresses: None, ada_client: Client
) -> None:
    answer = ada_client.get("/ends/")

    assert leads_to(answer) == (302, "/sign-in/?next=/ends/")
    assert Session.objects.count() == 0
    assert ada_client.get("/sign-in/").status_code == 200


def test_a_program_is_told_that_its_session_ended(own_addresses: None, ada_client: Client) -> None:
    answer = ada_client.get("/api/v1/ends/")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


def token_of(member: Member, *scopes: str) -> str:
    return actions.issue_token(member, name="Script", scopes=scopes or ("read",), days=30).secret


def bearer(token: str, scheme: str = "Bearer") -> dict[str, str]:
    return {"Authorization": f"{scheme} {token}"}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_token_says_who_calls(scheme: str, client: Client, ada: Member) -> None:
    answer = client.get("/api/v1/me", headers=bearer(token_of(ada), scheme))

    assert answer.json()["handle"] == "ada"
    assert "guildry" not in answer.cookies


def test_a_token_opens_no_page(client: Client, ada: Member) -> None:
    answer = client.get("/settings/", headers=bearer(token_of(ada)))

    assert leads_to(answer) == (302, "/sign-in/?next=/settings/")


def test_another_scheme_is_no_token(client: Client, ada: Member) -> None:
    answer = client.get("/api/v1/me", headers=bearer(token_of(ada), "Basic"))

    assert answer.json()["code"] == "unauthenticated"


def test_a_token_wins_over_the_cookie_of_somebody_else(ada_client: Client, ben: Member) -> None:
    assert ada_client.get("/api/v1/me", headers=bearer(token_of(ben))).json()["handle"] == "ben"


def test_a_refused_token_does_not_fall_back_to_the_cookie(ada_client: Client) -> None:
    answer = ada_client.get("/api/v1/me", headers=bearer("gld_made-up"))

    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


def test_last_use_of_a_token_is_noted_once_a_minute(client: Client, ada: Member) -> None:
    token = token_of(ada)
    start = clock.now()
    for seconds in (0, 30, 61):
        with clock.at(start + timedelta(seconds=seconds)):
            client.get("/api/v1/me", headers=bearer(token))

    assert AccessToken.objects.get().last_used_at == start + timedelta(seconds=61)


def test_last_use_of_a_session_is_noted_once_a_minute(ada_client: Client) -> None:
    start = Session.objects.get().last_seen_at
    for seconds in (30, 59, 61, 90):
        with clock.at(start + timedelta(seconds=seconds)):
            ada_client.get("/api/v1/me")

    assert Session.objects.get().last_seen_at == start + timedelta(seconds=61)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_no_writes_costs_nobody_their_page(ada_client: Client) -> None:
    def only_reads(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, *rest)

    later = clock.now() + timedelta(minutes=5)
    with clock.at(later), connection.execute_wrapper(only_reads):
        answer = ada_client.get("/api/v1/me")

    assert answer.status_code == 200
    assert Session.objects.get().last_seen_at < later


def test_a_page_that_asks_for_nobody_looks_nobody_up(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_a_token_is_held_to_its_scopes(client: Client, ada: Member) -> None:
    answer = client.get("/api/v1/people", headers=bearer(token_of(ada, "me.read")))

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
