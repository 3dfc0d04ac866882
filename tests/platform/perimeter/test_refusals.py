"""Whatever goes wrong, the caller gets a page, a fragment or a problem document that says what to do."""

import logging
from typing import Any

import pytest
from django.test import Client

from guildry.platform.health.sampler import SAMPLER

JSON = {"Accept": "application/json"}


def test_a_program_gets_problem_details(calm_client: Client) -> None:
    response = calm_client.get("/api/v1/test/offer")

    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "/problems/gone",
        "title": "This is no longer here",
        "status": 410,
        "detail": "This offer ended on Friday.",
        "instance": "/api/v1/test/offer",
        "code": "gone",
        "trace_id": response["traceresponse"].split("-")[1],
    }


def test_a_field_is_named_with_its_pointer(calm_client: Client) -> None:
    response = calm_client.get("/api/v1/test/place")

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"pointer": "/place/name", "field": "place.name", "code": "invalid", "detail": "This place is taken."}
    ]


def test_a_page_asked_as_json_answers_as_json(calm_client: Client) -> None:
    response = calm_client.get("/offer/", headers=JSON)

    assert response["Content-Type"] == "application/problem+json"


def test_a_visitor_gets_a_page(calm_client: Client) -> None:
    response = calm_client.get("/offer/", headers={"Accept": "text/html"})

    assert response.status_code == 410
    assert response["Content-Type"].startswith("text/html")
    assert "This offer ended on Friday." in response.content.decode()


def test_an_htmx_request_gets_a_fragment(calm_client: Client) -> None:
    response = calm_client.get("/offer/", headers={"HX-Request": "true"})

    text = response.content.decode()
    assert response.status_code == 410
    assert "This offer ended on Friday." in text
    assert "<html" not in text


def test_a_guest_is_sent_to_sign_in_and_back(calm_client: Client) -> None:
    response = calm_client.get("/private/?page=2")

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/private/%3Fpage%3D2")


def test_a_form_sent_as_a_guest_returns_to_its_page(calm_client: Client) -> None:
    response = calm_client.post("/private/", headers={"Referer": "http://testserver/people/ben/"})

    assert response["Location"].endswith("?next=/people/ben/")


def test_a_referer_of_another_site_is_not_followed(calm_client: Client) -> None:
    response = calm_client.post("/private/", headers={"Referer": "https://evil.example/people/"})

    assert response["Location"].endswith("?next=/")


def test_an_htmx_request_of_a_guest_moves_the_whole_page_to_sign_in(calm_client: Client) -> None:
    response = calm_client.get(
        "/private/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/timeline/"}
    )

    assert response.status_code == 401
    assert response["HX-Redirect"].endswith("?next=/timeline/")


def test_a_program_without_credentials_is_told_how_to_bring_them(calm_client: Client) -> None:
    response = calm_client.get("/api/v1/test/private")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="guildry"'


def test_a_missing_permission_is_named(calm_client: Client) -> None:
    response = calm_client.get("/staff/", headers=JSON)

    assert response.status_code == 403
    assert response.json()["permission"] == "edge.fix"
    assert "held by: operator" in response.json()["detail"]


@pytest.mark.parametrize("address", ["/missing/", "/no/such/address/"])
def test_an_unknown_address_is_not_found(calm_client: Client, address: str) -> None:
    response = calm_client.get(address, headers=JSON)

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_locked_database_is_an_outage_with_a_time_to_retry(calm_client: Client) -> None:
    response = calm_client.get("/api/v1/test/locked")

    assert response.status_code == 503
    assert response["Retry-After"] == "2"
    assert response.json()["retry_after"] == 2


def test_nothing_waits_for_a_database_that_is_known_to_be_away(
    calm_client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(SAMPLER, "outage", "database")

    with django_assert_num_queries(0):
        page, call, probe = (
            calm_client.get("/"), calm_client.get("/api/v1/test/missing"), calm_client.get("/healthz"),
        )  # fmt: skip

    assert (page.status_code, call.status_code, probe.status_code) == (503, 503, 200)
    assert "text/html" in page["Content-Type"]
    assert (call.json()["dependency"], call["Retry-After"]) == ("database", "2")


def test_a_fault_is_logged_once_with_the_trace_id_and_shows_nothing(
    calm_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = calm_client.get("/broken/", headers=JSON)

    trace = response.json()["trace_id"]
    assert response.status_code == 500
    assert "secret" not in response.content.decode()
    assert [record.name for record in caplog.records] == ["guildry.faults"]
    assert trace in caplog.records[0].getMessage()


def test_a_method_that_is_not_taken_is_refused_with_the_ones_that_are(calm_client: Client) -> None:
    response = calm_client.get("/api/v1/test/send")

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response.json()["code"] == "method_not_allowed"


def test_a_form_without_our_token_is_refused_and_explained(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/offer/", headers=JSON)

    assert (response.status_code, response.json()["code"]) == (403, "csrf")


def test_each_problem_has_a_page(calm_client: Client) -> None:
    response = calm_client.get("/problems/too-many")

    assert response.status_code == 200
    assert "too_many" in response.content.decode()
    assert calm_client.get("/problems/too-many/").status_code == 200
    assert calm_client.get("/problems/unheard-of/").status_code == 404
    assert "/problems/too-many/" in calm_client.get("/problems/").content.decode()
