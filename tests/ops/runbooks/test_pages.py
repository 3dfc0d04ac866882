"""The library as pages, in the palette, and in a terminal."""

import pytest
from django.test import Client

from guildry.config.__main__ import _parser
from guildry.kernel.permissions import StaffRole
from guildry.kernel.points import COMMANDS, PALETTE_SOURCES
from guildry.ops.runbooks import queries
from guildry.people.accounts.models import Member
from tests.factories.pages import text_of
from tests.factories.people import grant


@pytest.fixture
def operator(ada: Member, ben: Member, client: Client) -> Client:
    client.force_login(grant(ben, StaffRole.OPERATOR, by=ada))
    return client


def test_the_library_lists_every_runbook(operator: Client) -> None:
    page = text_of(operator.get("/ops/runbooks/"))

    assert all(runbook.title in page for runbook in queries.library())


def test_a_search_shows_what_holds_all_words(operator: Client) -> None:
    page = operator.get("/ops/runbooks/", {"q": "redis oom"}, headers={"HX-Request": "true"}).content.decode()

    assert "Redis does not answer" in page
    assert "The disk is full" not in page
    assert "<html" not in page


def test_a_search_without_a_result_offers_the_way_back(operator: Client) -> None:
    page = text_of(operator.get("/ops/runbooks/", {"q": "volcano"}))

    assert "No runbook holds all of these words" in page


@pytest.mark.parametrize("slug", [runbook.slug for runbook in queries.library()])
def test_a_runbook_is_a_page_with_contents_and_commands_to_copy(operator: Client, slug: str) -> None:
    runbook = queries.runbook(slug)

    page = operator.get(f"/ops/runbooks/{slug}/").content.decode()

    for section in runbook.sections:
        assert f'<a href="#{section.key}">{section.title}</a>' in page
        assert f'id="{section.key}">{section.title}</h2>' in page
    assert page.count("data-copy=") == len(runbook.commands)


def test_a_runbook_nobody_wrote_is_not_there(operator: Client) -> None:
    assert operator.get("/ops/runbooks/volcano/").status_code == 404


def test_members_read_no_runbooks(ada_client: Client) -> None:
    assert ada_client.get("/ops/runbooks/").status_code == 403
    assert ada_client.get("/ops/runbooks/start/").status_code == 403


def test_the_palette_finds_runbooks_for_those_who_may_read_them(ada: Member, ben: Member) -> None:
    search = PALETTE_SOURCES["runbooks"].search
    operator = grant(ben, StaffRole.OPERATOR, by=ada)

    assert [item.url for item in search(operator, "database does not", 1)] == ["/ops/runbooks/database-down/"]
    assert search(operator, " ", 5) == search(ada, "database", 5) == search(None, "database", 5) == []


def runbook(*words: str) -> int:
    return COMMANDS["runbook"].run(_parser().parse_args(["runbook", *words]))


def test_a_terminal_lists_and_searches(capsys: pytest.CaptureFixture[str]) -> None:
    assert runbook() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(queries.library())

    assert runbook("--search", "redis oom") == 0
    assert capsys.readouterr().out == "redis-down             serious   Redis does not answer\n"


def test_a_terminal_shows_a_runbook_within_its_width(capsys: pytest.CaptureFixture[str]) -> None:
    assert runbook("database-down") == 0

    shown = capsys.readouterr().out
    assert shown.startswith("THE DATABASE DOES NOT ANSWER\n")
    assert "Symptoms\n--------\n" in shown
    assert "    guildry health || true\n" in shown
    prose = [line for line in shown.splitlines() if not line.startswith("    ")]
    assert max(map(len, prose)) <= 88


def test_a_terminal_says_when_there_is_no_such_runbook(capsys: pytest.CaptureFixture[str]) -> None:
    assert runbook("volcano") == 64
    assert "`guildry runbook` lists them" in capsys.readouterr().err


def test_the_health_board_links_the_runbook_of_what_fails(operator: Client) -> None:
    """Nothing is sampled in this suite, so every check shows as one that does not answer."""
    page = operator.get("/ops/health/").content.decode()

    for slug in ("database-down", "disk-full", "queue-backlog", "mail-not-leaving"):
        assert f'<a class="link" href="/ops/runbooks/{slug}/">What to do</a>' in page
