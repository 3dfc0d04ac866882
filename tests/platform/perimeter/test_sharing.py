"""Scripts of other origins: who may call the API, how they are known, and what their browsers are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import runtime
from guildry.kernel.configuration import Wrong, parse
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.platform.perimeter import rules

pytestmark = pytest.mark.django_db
APP, ELSEWHERE = "https://app.guild.example", "https://elsewhere.example"
ME = "/api/v1/me"
LISTED: dict[str, Any] = {"cors.origins": (APP,)}


def asked_beforehand(client: Client, origin: str = APP, method: str = "PUT", path: str = ME) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return client.options(path, headers=headers)


def leave_of(answer: Any) -> dict[str, str]:
    return {
        name: value for name, value in answer.headers.items() if name.lower().startswith("access-control-")
    }


def token_of(member: Member) -> str:
    return accounts.issue_token(member, name="App", scopes=["read"], days=30).secret


def test_no_other_origin_may_do_anything_until_one_is_listed(calm_client: Client) -> None:
    asked = asked_beforehand(calm_client)
    read = calm_client.get(ME, headers={"Origin": APP})

    assert (leave_of(asked), leave_of(read)) == ({}, {})
    assert "Origin" not in read.headers.get("Vary", "")


def test_a_listed_origin_gets_leave_from_the_next_request_on_and_no_other_does(calm_client: Client) -> None:
    with runtime.overridden(LISTED):
        listed, other = asked_beforehand(calm_client), asked_beforehand(calm_client, ELSEWHERE)
    after = asked_beforehand(calm_client)

    assert (listed.status_code, listed.content, other.status_code) == (204, b"", 204)
    assert listed["Access-Control-Allow-Origin"] == APP
    assert listed["Access-Control-Allow-Methods"] == "GET, POST, PUT, PATCH, DELETE"
    assert "Authorization" in listed["Access-Control-Allow-Headers"]
    assert (leave_of(other), leave_of(after)) == ({}, {})
    assert [answer["Vary"] for answer in (listed, other)] == ["Origin", "Origin"]


def test_a_preflight_asks_no_database_and_leaves_no_cookie(
    ada: Member, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(ada)

    with runtime.overridden(LISTED), django_assert_num_queries(0):
        answer = asked_beforehand(client)

    assert not answer.cookies


@pytest.mark.parametrize("path", [ME, "/api/v1/nothing", "/api/v1/test/offer"])
def test_answers_and_refusals_are_readable_for_a_listed_origin_without_credentials(
    calm_client: Client, path: str
) -> None:
    with runtime.overridden(LISTED):
        listed = calm_client.get(path, headers={"Origin": APP, "Accept": "application/json"})
        other = calm_client.get(path, headers={"Origin": ELSEWHERE, "Accept": "application/json"})
        own = calm_client.get(path, headers={"Accept": "application/json"})

    assert listed["Access-Control-Allow-Origin"] == APP
    assert "Access-Control-Allow-Credentials" not in listed.headers
    assert "RateLimit" in listed["Access-Control-Expose-Headers"]
    assert (leave_of(other), leave_of(own)) == ({}, {})
    assert all("Origin" in answer["Vary"] for answer in (listed, other, own))


def test_another_origin_is_known_by_its_token_and_never_by_a_cookie(ada: Member, client: Client) -> None:
    client.force_login(ada)
    bearer = {"Origin": APP, "Authorization": f"Bearer {token_of(ada)}"}

    with runtime.overridden(LISTED):
        by_cookie = client.get(ME, headers={"Origin": APP})
        by_token = client.get(ME, headers=bearer)
        unlisted = client.get(ME, headers={"Origin": "http://testserver"})

    assert (by_cookie.status_code, by_token.status_code, unlisted.status_code) == (401, 200, 200)
    assert by_token.json()["handle"] == "ada"


def test_the_origin_of_the_site_keeps_its_cookies_when_somebody_lists_it(
    ada: Member, client: Client, settings: Any
) -> None:
    client.force_login(ada)

    with runtime.overridden({"cors.origins": (settings.ORIGIN,)}):
        answer = client.get(ME, headers={"Origin": settings.ORIGIN})

    assert (answer.status_code, leave_of(answer)) == (200, {})


def test_pages_are_never_shared(calm_client: Client) -> None:
    with runtime.overridden(LISTED):
        page = calm_client.get("/sign-in/", headers={"Origin": APP})
        asked = asked_beforehand(calm_client, path="/sign-in/")

    assert (leave_of(page), leave_of(asked)) == ({}, {})


def test_only_the_listed_methods_get_leave(calm_client: Client) -> None:
    with runtime.overridden({**LISTED, "cors.methods": ("GET",)}):
        allowed = [leave_of(asked_beforehand(calm_client, method=name)) for name in ("GET", "HEAD")]
        refused = leave_of(asked_beforehand(calm_client, method="PUT"))

    assert [leave["Access-Control-Allow-Methods"] for leave in allowed] == ["GET", "GET"]
    assert refused == {}


def test_browsers_remember_as_long_as_is_set(calm_client: Client) -> None:
    with runtime.overridden({**LISTED, "cors.max_age": timedelta(minutes=2)}):
        answer = asked_beforehand(calm_client)

    assert answer["Access-Control-Max-Age"] == "120"


def test_what_has_not_changed_is_readable_too(calm_client: Client) -> None:
    with runtime.overridden(LISTED):
        first = calm_client.get("/api/v1/test/number", headers={"Origin": APP})
        again = calm_client.get(
            "/api/v1/test/number", headers={"Origin": APP, "If-None-Match": first["ETag"]}
        )

    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, APP)
    assert "Origin" in again["Vary"]


def test_options_that_ask_nothing_beforehand_are_answered_as_ever(calm_client: Client) -> None:
    with runtime.overridden(LISTED):
        answer = calm_client.options(ME, headers={"Origin": APP})

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "app.guild.example",
        "https://app.guild.example/",
        "https://App.guild.example",
        "https://app.guild.example:443",
        "https://app.guild.example/path",
        "https://me@app.guild.example",
        "http://app.guild.example",
        "https://*.guild.example",
    ],
)
def test_an_origin_that_no_browser_would_send_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        parse(RUNTIME_SETTINGS["cors.origins"], f"{APP},{text}")


def test_exact_origins_are_taken_and_plain_http_only_on_the_same_machine() -> None:
    text = "https://app.guild.example,https://app.guild.example:8443,http://localhost:5173,http://[::1]:5173"

    assert parse(RUNTIME_SETTINGS["cors.origins"], text) == tuple(text.split(","))
    assert rules.not_an_origin(()) == ""
