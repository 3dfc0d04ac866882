"""The Timeline live, in real browsers: what others post arrives, and a session that ends says so."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Community

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(community: Community, browser: Browser) -> Iterator[Page]:
    yield from _stepped_in(community, browser, "amara")


@pytest.fixture
def writer(community: Community, browser: Browser) -> Iterator[Page]:
    yield from _stepped_in(community, browser, "priya")


def _stepped_in(community: Community, browser: Browser, handle: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page = context.new_page()
    page.goto(f"{community.origin}/demo/")
    page.locator(f'form[action="/demo/{handle}/"] button').click()
    page.wait_for_url("**/timeline/**")
    yield page
    context.close()


def _listens(page: Page, address: str) -> None:
    """Open a page and wait until its socket, not the one of the page before, has said where it goes on from."""
    page.goto("about:blank")
    with page.expect_websocket() as opened:
        page.goto(address)
    opened.value.wait_for_event("framereceived", lambda frame: str(frame).startswith("43/timeline,"))


def _publish(page: Page, community: Community, text: str) -> None:
    token = {"X-CSRFToken": str(page.evaluate("document.body.dataset.csrf")), "Origin": community.origin}
    answer = page.request.post(
        f"{community.origin}/api/v1/timeline/posts", data={"body": text}, headers=token
    )
    assert answer.status == 201


def test_a_new_post_is_announced_within_a_second_without_moving_the_page(
    community: Community, reader: Page, writer: Page
) -> None:
    _listens(reader, f"{community.origin}/timeline/?tab=latest")
    reader.evaluate("window.scrollTo(0, 900)")
    reader.wait_for_timeout(500)
    place = "document.querySelector('[role=feed] > article:nth-of-type(3)').getBoundingClientRect().top"
    before = reader.evaluate(place)

    _publish(writer, community, "Seen by everybody who is here")
    posted_at = time.monotonic()
    pill = reader.wait_for_selector(".new-pill")

    assert time.monotonic() - posted_at < 1.0
    assert pill is not None
    assert pill.inner_text() == "1 new post"
    assert abs(reader.evaluate(place) - before) < 1
    pill.click()
    reader.wait_for_selector("text=Seen by everybody who is here")


def test_a_session_ended_elsewhere_says_so_and_keeps_the_page(community: Community, reader: Page) -> None:
    _listens(reader, f"{community.origin}/timeline/?tab=latest")

    status = reader.evaluate(
        """async () => {
          const [session] = await (await fetch("/api/v1/me/sessions")).json();
          const headers = { "X-CSRFToken": document.body.dataset.csrf };
          return (await fetch(`/api/v1/me/sessions/${session.id}`, { method: "DELETE", headers })).status;
        }"""
    )
    toast = reader.wait_for_selector("[data-way-in]")

    assert status == 204
    assert toast is not None
    assert "You are signed out here." in toast.inner_text()
    assert reader.locator("[role=feed] > article").count() > 3
    assert (
        reader.locator("[data-way-in] a").get_attribute("href")
        == "/sign-in/?next=%2Ftimeline%2F%3Ftab%3Dlatest"
    )
