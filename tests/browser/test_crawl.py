"""Every page, as a guest and as each persona: accessible, within the policy, fitting, alive and our own."""

import json
import urllib.request

import pytest
from playwright.sync_api import Browser

from guildry.kernel.permissions import PERMISSIONS, StaffRole
from guildry.kernel.points import MODULES
from tests.browser.conftest import Community
from tests.browser.crawler import Crawler, Known

pytestmark = pytest.mark.browser

PERSONAS = (
    "freelancer",
    "client",
    "job_seeker",
    "mentor",
    "volunteer",
    "organiser",
    "advertiser",
    "moderator",
    "support_agent",
    "finance_officer",
    "model_steward",
    "content_editor",
    "analyst",
    "operator",
    "administrator",
    "auditor",
)
KNOWN = Known()
CONSOLE = {module.url_name: module.permission for module in MODULES if "console" in module.placement}


def test_every_page_a_guest_can_reach(browser: Browser, community: Community) -> None:
    context = browser.new_context(base_url=community.origin, reduced_motion="reduce")

    findings = Crawler(context, community.origin, KNOWN, is_guest=True).walk(f"{community.origin}/")

    assert not findings.problems, "\n".join(findings.problems)
    assert len(findings.visited) > 10


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_page_a_persona_can_reach(persona: str, browser: Browser, community: Community) -> None:
    context = browser.new_context(base_url=community.origin, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/demo/")
    page.locator(f"form[data-persona={persona}] button").click()
    page.wait_for_url("**/timeline/**")
    page.close()

    findings = Crawler(context, community.origin, KNOWN).walk(f"{community.origin}/timeline/")

    assert not findings.problems, "\n".join(findings.problems)
    assert len(findings.visited) > 20
    assert findings.views & CONSOLE.keys() == screens_for(persona)


def screens_for(persona: str) -> set[str]:
    """Return the screens of the console that a persona may see; each persona of the staff bears the name of its role."""
    roles = {role for role in StaffRole if role == persona}
    return {view for view, permission in CONSOLE.items() if PERMISSIONS[permission].roles & roles}


def test_the_api_document_is_served(community: Community) -> None:
    with urllib.request.urlopen(f"{community.origin}/api/v1/openapi.json", timeout=5) as answer:
        document = json.load(answer)

    assert document["openapi"].startswith("3.1")
