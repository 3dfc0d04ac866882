"""What a page weighs when it is opened for the first time, against the budgets of the design."""

import gzip
from collections import Counter
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Request

from tests.browser.conftest import Community

pytestmark = pytest.mark.browser

KIB = 1024
TEXTS = {"document", "stylesheet", "script"}
CORE_FILES = {"document", "stylesheet", "script", "font"}


@dataclass
class Weight:
    """Bytes by kind, texts as gzip, and how many requests made a page; pictures depend on who is on it."""

    sizes: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    foreign: list[str] = field(default_factory=list)


def weigh(browser: Browser, community: Community, path: str, persona: str = "") -> Weight:
    """Open a page with an empty cache, as a guest or as a persona, and wait until it is quiet."""
    context = browser.new_context(base_url=community.origin, viewport={"width": 1440, "height": 900})
    if persona:
        door = context.new_page()
        door.goto("/demo/")
        door.locator(f"form[data-persona={persona}] button").click()
        door.wait_for_url("**/timeline/**")
        state = context.storage_state()
        context.close()
        context = browser.new_context(base_url=community.origin, storage_state=state)
    found, page = Weight(), context.new_page()

    def finished(request: Request) -> None:
        kind, answer = request.resource_type, request.response()
        if not request.url.startswith(community.origin):
            found.foreign.append(request.url)
        if answer is None:
            return
        body = answer.body() if kind in CORE_FILES else b""
        found.requests[kind] += 1
        found.sizes[kind] += len(gzip.compress(body, 9) if kind in TEXTS else body)

    page.on("requestfinished", finished)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    context.close()
    return found


@pytest.mark.parametrize(
    ("path", "persona", "html", "script"),
    [
        pytest.param("/", "", 12, 6, id="home"),
        pytest.param("/timeline/", "", 20, 25, id="the Timeline of a guest"),
        pytest.param("/timeline/", "freelancer", 20, 45, id="the live Timeline of a member"),
        pytest.param("/people/amara/", "freelancer", 20, 45, id="a profile"),
        pytest.param("/settings/", "freelancer", 20, 45, id="settings"),
    ],
)
def test_a_page_stays_within_its_budget(
    browser: Browser, community: Community, path: str, persona: str, html: int, script: int
) -> None:
    weight = weigh(browser, community, path, persona)

    assert weight.foreign == []
    assert weight.sizes["document"] <= html * KIB
    assert weight.sizes["stylesheet"] <= 16 * KIB
    assert weight.sizes["script"] <= script * KIB
    assert (weight.requests["font"], weight.requests["stylesheet"]) == (1, 1)
    assert weight.sizes["font"] <= 50 * KIB
    assert sum(weight.requests[kind] for kind in CORE_FILES) <= 14
