"""The screen of the contracts for staff, with what changed a page at a time."""

import pytest
from django.test import Client
from django.urls import reverse

from guildry.kernel.permissions import StaffRole
from guildry.ops.contracts import queries
from guildry.people.accounts.models import Member
from tests.factories.people import grant

ADDRESS = reverse("contracts:overview")


@pytest.fixture
def auditor(ada: Member, ben: Member) -> Client:
    client = Client()
    client.force_login(grant(ben, StaffRole.AUDITOR, by=ada))
    return client


def changed(number: int) -> list[dict[str, str]]:
    """Return so many changes, every second of them breaking."""
    return [
        {
            "rule": "R01" if place % 2 else "A01", "title": "operation", "said": "is gone", "advice": "Keep it.",
            "level": "breaking-request" if place % 2 else "safe", "place": f"GET /{place}",
        }
        for place in range(number)
    ]  # fmt: skip


MANY = {"findings": changed(120)}


def test_the_screen_says_what_is_promised(auditor: Client) -> None:
    page = auditor.get(ADDRESS).text

    assert queries.manifest()["hash"] in page
    assert "asyncapi.json" in page
    assert reverse("schemas:hive") in page
    for what in queries.coverage():
        assert what in page


def test_members_do_not_enter(ada_client: Client) -> None:
    assert ada_client.get(ADDRESS).status_code == 403


def test_changes_come_a_page_at_a_time() -> None:
    first = queries.changes_page(MANY)
    second = queries.changes_page(MANY, after=first.next_place)
    third = queries.changes_page(MANY, after=second.next_place)

    seen = [entry["place"] for page in (first, second, third) for entry in page.findings]
    assert [len(page.findings) for page in (first, second, third)] == [50, 50, 20]
    assert seen == [f"GET /{place}" for place in range(120)]
    assert third.next_place == ""


def test_one_class_is_shown_alone() -> None:
    page = queries.changes_page(MANY, level="breaking-request")

    assert {entry["level"] for entry in page.findings} == {"breaking-request"}
    assert page.counts == {"breaking-request": 60, "breaking-response": 0, "risky": 0, "safe": 60, "doc": 0}


def test_a_place_that_is_not_there_begins_at_the_first() -> None:
    assert queries.changes_page(MANY, after="R99 nowhere").findings[0]["place"] == "GET /0"
