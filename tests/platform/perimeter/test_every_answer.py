"""Whatever is answered, and whoever answers it, carries the policies of the site."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from guildry.kernel import runtime
from guildry.people.accounts.models import Member
from guildry.platform.perimeter import rules

pytestmark = pytest.mark.django_db
POSTS = "/api/v1/timeline/posts"
JSON = "application/json"


def not_modified(client: Client) -> Any:
    tag = client.get(POSTS)["ETag"]
    return client.get(POSTS, headers={"If-None-Match": tag})


def too_many(client: Client) -> Any:
    with runtime.overridden({"http.rate.guest_read_burst": 1, "http.rate.guest_read_per_min": 1}):
        return [client.get("/timeline/") for _ in range(2)][1]


ANSWERS = {
    "a page": (200, lambda client: client.get("/timeline/")),
    "a fragment": (200, lambda client: client.get("/timeline/", headers={"HX-Request": "true"})),
    "a redirect": (302, lambda client: client.get("/settings/")),
    "what has not changed": (304, not_modified),
    "a name that is not ours": (400, lambda client: client.get("/", headers={"Host": "evil.example"})),
    "a query nobody can read": (400, lambda client: client.get("/?a=%ff")),
    "a call without a proof": (401, lambda client: client.get("/api/v1/me")),
    "a form without its token": (403, lambda client: client.post("/sign-in/")),
    "nothing": (404, lambda client: client.get("/nowhere/")),
    "no such call": (404, lambda client: client.get("/api/v1/nowhere")),
    "a method nobody takes": (405, lambda client: client.trace("/")),
    "a method this address does not take": (405, lambda client: Client().delete("/timeline/")),
    "a body too large": (413, lambda client: client.post(POSTS, b"{" + b" " * 1_100_000, content_type=JSON)),
    "a form that is wrong": (422, lambda client: Client().post("/sign-in/", {"login": ""})),
    "a program that is too fast": (429, too_many),
    "a probe": (200, lambda client: client.get("/healthz")),
    "a report": (
        204,
        lambda client: client.post("/csp-report", b"[]", content_type="application/reports+json"),
    ),
}


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def assert_whole(answer: HttpResponse, *, secure: bool) -> None:
    wanted = rules.standing_headers(origin="https://guild.example" if secure else "", mode=rules.ENFORCE)
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "Cache-Control" in answer.headers
    assert "Server" not in answer.headers


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("secure", [False, True])
def test_every_kind_of_answer_is_under_the_policies(
    client: Client, settings: Any, kind: str, secure: bool
) -> None:
    status, ask = ANSWERS[kind]
    settings.IS_SECURE, settings.ORIGIN = secure, "https://guild.example"

    answer = ask(client)

    assert answer.status_code == status
    assert_whole(answer, secure=secure)


def test_a_fault_of_ours_is_under_the_policies(
    client: Client, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("guildry.platform.perimeter.queries.rates", fail)

    answer = client.get("/timeline/")

    assert answer.status_code == 500
    assert_whole(answer, secure=False)
