"""What happens around every request: names, headers, limits, tags and replays."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock, limits, runtime
from guildry.people.accounts.models import Member
from guildry.platform.perimeter import rules
from guildry.platform.perimeter.models import KeptReply

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
JSON = {"Accept": "application/json"}


@pytest.fixture
def ada_calls(ada: Member) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    return client


def test_a_trace_is_continued_and_every_request_has_a_name_of_its_own(calm_client: Client) -> None:
    first, second = (
        calm_client.get("/offer/", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
        for _ in range(2)
    )

    assert [answer["traceresponse"].split("-")[1] for answer in (first, second)] == [TRACE, TRACE]
    assert first["X-Request-Id"] != second["X-Request-Id"]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_methods_that_echo_are_taken_nowhere(calm_client: Client, method: str) -> None:
    assert calm_client.generic(method, "/api/v1/test/number").status_code == 405


def test_a_host_that_is_not_ours_is_refused_except_by_probes(calm_client: Client) -> None:
    headers = {"Host": "evil.example"}

    assert calm_client.get("/offer/", headers=headers).status_code == 400
    assert calm_client.get("/healthz", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "largest"),
    [
        ("/csp-report", rules.REPORT_BYTES),
        ("/api/v1/test/send", rules.JSON_BYTES),
        ("/offer/", rules.FORM_BYTES),
    ],
)
def test_a_body_beyond_its_address_is_refused_before_it_is_read(
    calm_client: Client, path: str, largest: int
) -> None:
    answer = calm_client.generic("POST", path, b"", headers=JSON, CONTENT_LENGTH=str(largest + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert str(largest) in answer.json()["detail"]


@pytest.mark.parametrize(("query", "status"), [("a=%C3%BC", 410), ("a=%ff", 400), ("a=%00", 400)])
def test_a_query_is_text(calm_client: Client, query: str, status: int) -> None:
    assert calm_client.get(f"/offer/?{query}").status_code == status


def test_every_answer_carries_the_policies_of_the_site(calm_client: Client) -> None:
    first, second = calm_client.get("/offer/"), calm_client.get("/offer/")

    assert {name: first[name] for name in rules.STANDING_HEADERS} == rules.STANDING_HEADERS
    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]
    assert not first.has_header("Strict-Transport-Security")
    assert not first.has_header("Server")


def test_a_site_on_https_says_so(calm_client: Client, settings: Any) -> None:
    settings.IS_SECURE, settings.ORIGIN = True, "https://guild.example"

    answer = calm_client.get("/offer/")

    assert answer["Strict-Transport-Security"] == rules.STRICT_TRANSPORT
    assert answer["Reporting-Endpoints"] == 'csp="https://guild.example/csp-report"'
    assert "upgrade-insecure-requests" in answer["Content-Security-Policy"]


def test_nothing_of_a_member_is_stored_on_the_way(ada_calls: Client, client: Client, db: None) -> None:
    assert ada_calls.get("/timeline/")["Cache-Control"] == "no-store"
    assert client.get("/problems/")["Cache-Control"] == "private, no-cache"
    assert ada_calls.get("/api/v1/test/number")["Cache-Control"] == "private, no-cache"


def test_a_guest_who_writes_too_fast_is_told_when_to_go_on(calm_client: Client, calls: list[str]) -> None:
    with runtime.overridden({"http.rate.guest_write_burst": 3, "http.rate.guest_write_per_min": 3}):
        answers = [calm_client.post("/api/v1/test/send", "x", content_type="text/plain") for _ in range(4)]

    refused = answers[-1]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert refused.json()["code"] == "too_many"
    assert 1 <= int(refused["Retry-After"]) == refused.json()["retry_after"] <= 20
    assert refused["RateLimit-Policy"] == '"guest-write";q=3;w=60'
    assert refused["RateLimit"].startswith('"guest-write";r=0;t=')
    assert len(calls) == 3


def test_members_and_guests_spend_from_allowances_of_their_own(
    ada_calls: Client, calm_client: Client
) -> None:
    limits.take("guest-read:address:127.0.0.1", burst=300, per_second=20, cost=300)

    assert calm_client.get("/problems/").status_code == 429
    assert ada_calls.get("/problems/").status_code == 200


def test_an_allowance_is_said_with_every_answer(calm_client: Client) -> None:
    answer = calm_client.get("/api/v1/test/number")

    assert answer["RateLimit-Policy"] == '"guest-read";q=300;w=15'
    assert answer["RateLimit"] == '"guest-read";r=299;t=0'


def test_a_json_reply_is_tagged_and_not_sent_twice(calm_client: Client) -> None:
    first = calm_client.get("/api/v1/test/number")
    again = calm_client.get("/api/v1/test/number", headers={"If-None-Match": f'"x", {first["ETag"]}'})

    assert first["ETag"].startswith('W/"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert not again.has_header("Content-Type")


def test_a_refusal_is_never_tagged(calm_client: Client) -> None:
    answer = calm_client.get("/api/v1/test/offer")

    assert not answer.has_header("ETag")
    assert answer["Cache-Control"] == "no-store"


def send(client: Client, body: str = "hello", **headers: str) -> Any:
    return client.post(
        "/api/v1/test/send", body, content_type="text/plain", headers={"Idempotency-Key": "k", **headers}
    )


def test_a_call_with_a_key_is_carried_out_once(ada_calls: Client, calls: list[str]) -> None:
    first, second = send(ada_calls), send(ada_calls)

    assert calls == ["hello"]
    assert (first.content, second.content) == (b"call 1", b"call 1")
    assert (second.status_code, second["Location"], second["Idempotency-Replayed"]) == (201, "/x", "true")


def test_a_call_without_a_key_is_carried_out_each_time(ada_calls: Client, calls: list[str]) -> None:
    for _ in range(2):
        ada_calls.post("/api/v1/test/send", "hello", content_type="text/plain")

    assert calls == ["hello", "hello"]


def test_a_key_of_a_guest_is_nobodys(calm_client: Client, calls: list[str]) -> None:
    send(calm_client)
    send(calm_client)

    assert calls == ["hello", "hello"]


def test_a_page_keeps_no_replies(ada_calls: Client) -> None:
    ada_calls.post("/offer/", headers={"Idempotency-Key": "k"})

    assert KeptReply.objects.count() == 0


def test_a_call_that_met_an_outage_may_be_tried_again(ada_calls: Client) -> None:
    answers = [
        ada_calls.post("/api/v1/test/locked", headers={"Idempotency-Key": "k"}).status_code for _ in range(2)
    ]

    assert answers == [503, 503]
    assert KeptReply.objects.count() == 0


def test_a_reply_that_is_too_large_is_kept_as_a_mark_only(
    ada_calls: Client, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LARGEST_REPLY", 3)

    send(ada_calls)
    again = send(ada_calls)

    assert (again.status_code, again.json()["code"]) == (409, "reply_not_kept")
    assert calls == ["hello"]


def test_old_replies_are_purged(ada_calls: Client, calls: list[str]) -> None:
    from guildry.platform.perimeter import tasks

    with clock.at(clock.now() - rules.KEEP_REPLIES - timedelta(minutes=1)):
        send(ada_calls)
    send(ada_calls, **{"Idempotency-Key": "other"})

    tasks.purge_replies.call()

    assert [kept.key for kept in KeptReply.objects.all()] == ["other"]
