"""What only happens with JavaScript: keys, dialogs, previews and ways back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Community

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, community: Community) -> Iterator[Page]:
    """The Timeline as the freelancer of the demo sees it; an error of a script fails the test."""
    context = browser.new_context(
        base_url=community.origin, reduced_motion="reduce", viewport={"width": 1440, "height": 900}
    )
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto("/demo/")
    opened.locator("form[data-persona=freelancer] button").click()
    opened.wait_for_url("**/timeline/**")
    opened.wait_for_load_state("networkidle")
    yield opened
    context.close()
    assert errors == []


def test_the_keys_walk_the_posts_and_like_one(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[role=feed] > article").nth(1)
    expect(second).to_be_focused()
    was = second.locator("[data-key=l]").get_attribute("aria-pressed")

    page.keyboard.press("l")

    expect(second.locator("[data-key=l]")).to_have_attribute(
        "aria-pressed", "false" if was == "true" else "true"
    )


def test_the_question_mark_lists_the_keys_and_escape_closes_them(page: Page) -> None:
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_visible()

    page.keyboard.press("Escape")

    expect(shortcuts).to_be_hidden()


def test_the_palette_finds_people_organisations_hashtags_and_posts(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").press_sequentially("pric")
    results = page.locator("#palette-results")

    expect(results.get_by_role("group", name="Hashtags")).to_contain_text("#pricing")
    expect(results.get_by_role("group", name="Posts").locator("a").first).to_be_visible()


def test_a_post_is_written_in_a_dialog_saved_by_itself_and_taken_back(page: Page) -> None:
    page.locator("a.fake").click()
    dialog = page.get_by_role("dialog", name="New post")
    expect(dialog.locator("textarea[name=body]")).to_be_focused()
    page.keyboard.type("A plane makes shavings, a saw makes dust.")
    expect(dialog.locator("#draft-state input[name=draft]")).to_have_count(1)

    dialog.get_by_role("button", name="Publish", exact=True).click()
    toast = page.locator("#toasts").get_by_role("status").filter(has_text="Published.")
    toast.get_by_role("button", name="Undo").click()

    expect(page.locator("textarea[name=body]")).to_have_value("A plane makes shavings, a saw makes dust.")
    expect(page.locator("#toasts")).to_contain_text("Your post is a draft again.")


def test_resting_on_a_name_shows_who_it_is(page: Page) -> None:
    name = page.locator("[role=feed] h3 a[data-card]").first
    who = name.inner_text()

    name.hover()

    expect(page.locator("#hover-card")).to_contain_text(who)
