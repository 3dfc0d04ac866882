"""Whole-product pages: home, what programs read about the site, and every page that refuses."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from guildry.config.urls import handler400, handler403, handler404, handler500
from guildry.config.urls import urlpatterns as addresses
from guildry.kernel import clock, errors
from tests.factories.pages import leads_to, text_of

__all__ = ["handler400", "handler403", "handler404", "handler500"]
pytestmark = pytest.mark.django_db
FAILURES: dict[str, Exception] = {
    "400": BadRequest("unreadable"),
    "403": errors.Forbidden(),
    "404": errors.NotFound(),
    "410": errors.Gone(),
    "429": errors.TooMany(retry_after=7),
    "500": RuntimeError("the secret is 271828"),
    "503": OperationalError("database is locked"),
}
TITLES = {
    "400": "The request could not be read",
    "403": "You may not do that",
    "404": "Nothing here",
    "410": "This is no longer here",
    "429": "Too many at once",
    "500": "Something went wrong on our side",
    "503": "Not available right now",
}


def fail(request: HttpRequest, status: str) -> HttpResponse:
    raise FAILURES[status]


urlpatterns = [path("fail/<str:status>/", fail), *addresses]


@pytest.fixture
def failing(settings: Any) -> Client:
    """A guest of a site where something is wrong at /fail/."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_a_guest_is_welcomed(client: Client) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "The working community your guild owns." in text_of(page)
    assert 'href="/join/"' in page.content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode(), re.DOTALL)
    assert found
    assert json.loads(found[1])["potentialAction"]["target"].endswith("/ui/palette/?q={search}")


def test_a_member_begins_at_the_timeline(ada_client: Client) -> None:
    assert leads_to(ada_client.get("/")) == (302, "/timeline/")


def test_home_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/")

    with django_assert_num_queries(0):
        assert client.get("/").status_code == 200


def test_search_engines_are_told_what_to_leave(client: Client) -> None:
    answer = client.get("/robots.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /settings/" in lines
    assert lines[-1] == "Sitemap: http://localhost:8000/sitemap.xml"


def test_the_sitemap_lists_pages_that_are_open_to_everybody(client: Client) -> None:
    answer = client.get("/sitemap.xml")

    places = [element.text or "" for element in ElementTree.fromstring(answer.content).iter() if element.text]
    assert answer.headers["Content-Type"] == "application/xml"
    assert places[0] == "http://localhost:8000/"
    assert len(places) == len(set(places)) > 2
    for place in places:
        assert client.get(place.removeprefix("http://localhost:8000")).status_code == 200


def test_the_manifest_lets_devices_install_the_site(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")

    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert all(icon["src"].startswith("/static/") for icon in manifest["icons"])


def test_whoever_finds_a_weakness_is_told_where_to_write(client: Client) -> None:
    answer = client.get("/.well-known/security.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:guildry@localhost"
    assert said["Canonical"] == "http://localhost:8000/.well-known/security.txt"
    left = datetime.fromisoformat(said["Expires"]) - clock.now()
    assert timedelta(days=178) < left < timedelta(days=365)


def test_the_icon_browsers_ask_for_by_habit_is_the_logo(client: Client) -> None:
    assert leads_to(client.get("/favicon.ico")) == (302, "/static/ui/logo.svg")


def test_licences_name_what_the_site_is_made_of(client: Client) -> None:
    page = text_of(client.get("/licences/"))

    assert "Apache License 2.0" in page
    for part in ("htmx", "django", "structlog"):
        assert part in page.lower()


def test_the_page_for_no_connection_stands_alone(client: Client) -> None:
    page = client.get("/offline/")

    assert page.status_code == 200
    assert "You are offline" in text_of(page)


@pytest.mark.parametrize(
    "address", ["/", "/robots.txt", "/sitemap.xml", "/offline/", "/.well-known/security.txt"]
)
def test_pages_of_the_site_are_only_read(address: str, client: Client) -> None:
    page = client.post(address)

    assert (page.status_code, page.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("status", FAILURES)
def test_every_refusal_has_a_page_with_a_way_on(status: str, failing: Client) -> None:
    page = failing.get(f"/fail/{status}/")

    html = page.content.decode()
    assert page.status_code == int(status)
    assert f"<h1>{TITLES[status]}</h1>" in html
    assert 'href="/timeline/"' in html
    assert re.search(r"quote <code>[0-9a-f]{32}</code>", html)
    assert "no-store" in page.headers["Cache-Control"]
    assert "271828" not in html
    assert "Traceback" not in html


@pytest.mark.parametrize("status", FAILURES)
def test_every_refusal_is_a_problem_to_programs(status: str, failing: Client) -> None:
    answer = failing.get(f"/fail/{status}/", headers={"Accept": "application/json"})

    assert answer.status_code == int(status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["title"]) == (int(status), TITLES[status])


def test_a_refusal_for_now_says_when_to_come_back(failing: Client) -> None:
    assert failing.get("/fail/429/").headers["Retry-After"] == "7"
    assert "Retry-After" in failing.get("/fail/503/").headers


def test_a_page_that_is_too_much_counts_the_seconds_down(failing: Client) -> None:
    page = failing.get("/fail/429/")

    assert '<wait-out class="row" data-seconds="7">' in page.content.decode()
    assert "Try again in 7 seconds." in text_of(page)


def test_an_address_that_leads_nowhere_says_so(client: Client) -> None:
    page = client.get("/nowhere/")

    assert page.status_code == 404
    assert "Nothing here" in text_of(page)
    assert 'href="/ui/palette/"' in page.content.decode()


def test_a_form_that_is_out_of_date_says_so() -> None:
    page = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "ada@example.org", "password": "x"})

    assert page.status_code == 403
    assert "This form is out of date" in text_of(page)
