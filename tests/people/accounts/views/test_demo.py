"""The demonstration's door: open only where the cast was seeded and no mail leaves the house."""

from typing import Any

import pytest
from django.test import Client

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions
from guildry.people.accounts.models import Member
from tests.factories.pages import leads_to, text_of
from tests.factories.people import PASSWORD


@pytest.fixture
def cast(ada: Member) -> Member:
    actions.name_persona(SYSTEM, member_id=ada.pk, label="Chapter organiser")
    return ada


def test_anybody_steps_into_the_cast(client: Client, cast: Member) -> None:
    page = client.get("/demo/")
    assert "Ada Nwosu Chapter organiser" in text_of(page)
    assert 'data-persona="chapter_organiser"' in page.content.decode()

    answer = client.post("/demo/ada/")

    assert leads_to(answer) == (303, "/")
    assert client.get("/api/v1/me").json()["handle"] == "ada"


def test_stepping_in_leaves_nothing_of_who_one_was(client: Client, cast: Member, ben: Member) -> None:
    client.post("/sign-in/", {"login": ben.email, "password": PASSWORD})
    key = client.cookies["guildry"].value

    client.post("/demo/ada/")

    assert client.get("/api/v1/me").json()["handle"] == "ada"
    client.cookies["guildry"] = key
    assert client.get("/api/v1/me").status_code == 401


def test_a_persona_may_change_what_protects_the_account_without_a_password(
    client: Client, cast: Member
) -> None:
    client.post("/demo/ada/")

    assert client.get("/settings/email/").status_code == 200


def test_members_who_are_not_made_up_cannot_be_stepped_into(
    client: Client, cast: Member, ben: Member
) -> None:
    assert client.post("/demo/ben/").status_code == 404
    assert client.get("/api/v1/me").status_code == 401


def test_a_suspended_persona_stays_outside(client: Client, cast: Member) -> None:
    Member.objects.filter(pk=cast.pk).update(is_active=False)

    assert client.post("/demo/ada/").status_code == 404


def test_stepping_in_takes_a_form(client: Client, cast: Member) -> None:
    assert client.get("/demo/ada/").status_code == 405


@pytest.mark.parametrize(
    ("mail", "origin"),
    [("smtp://mail.example", "http://localhost:8000"), ("mailbox", "https://guild.example")],
)
def test_the_door_is_shut_where_people_are_real(
    mail: str, origin: str, client: Client, cast: Member, settings: Any
) -> None:
    settings.MAIL, settings.ORIGIN = mail, origin

    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/ada/").status_code == 404
    assert "Choose a persona" not in text_of(client.get("/sign-in/"))


def test_the_door_is_shut_without_a_cast(client: Client, db: None) -> None:
    page = client.get("/demo/")

    assert page.status_code == 404
    assert "This is no demonstration" in text_of(page)
