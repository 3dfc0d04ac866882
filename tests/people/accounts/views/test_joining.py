"""Joining through the pages: as a member, with an organisation, by code and by link."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock
from guildry.people.accounts.models import Member, OneTimeCode
from tests.factories.mail import code_in, last_letter, letters_to, link_in
from tests.factories.pages import complained_fields, complaints, leads_to, text_of
from tests.factories.people import PASSWORD

CLEO = {
    "name": "Cleo Park", "handle": "@Cleo", "email": "Cleo@Example.org", "password": PASSWORD,
    "hats": ["client", "mentor"], "time_zone": "Asia/Seoul",
}  # fmt: skip
WAITING = "/join/confirm/"


def join(client: Client, address: str = "/join/", **changes: Any) -> Any:
    return client.post(address, CLEO | changes)


def code_for_cleo() -> str:
    return code_in(last_letter("cleo@example.org"))


def wrong_code(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"


def test_a_guest_joins_with_the_code_from_the_mail_and_is_signed_in(client: Client, db: None) -> None:
    sent = join(client)
    assert leads_to(sent) == (303, WAITING)
    page = client.get(WAITING)
    assert "We sent a message to cleo@example.org" in text_of(page)
    assert Member.objects.count() == 0

    entered = client.post(WAITING, {"code": code_for_cleo()})

    assert leads_to(entered) == (303, "/")
    cleo = Member.objects.get()
    assert (cleo.handle, cleo.name, cleo.hats) == ("cleo", "Cleo Park", ["client", "mentor"])
    assert cleo.time_zone == "Asia/Seoul"
    assert client.get("/api/v1/me").json()["handle"] == "cleo"


def test_joining_leads_to_where_the_guest_wanted_to_go(client: Client, db: None) -> None:
    join(client, next="/people/")

    entered = client.post(WAITING, {"code": code_for_cleo()})

    assert leads_to(entered) == (303, "/people/")


def test_joining_never_leads_to_another_site(client: Client, db: None) -> None:
    join(client, next="https://elsewhere.example/")

    entered = client.post(WAITING, {"code": code_for_cleo()})

    assert leads_to(entered) == (303, "/")


def test_whoever_joins_with_an_organisation_describes_it_next(client: Client, db: None) -> None:
    page = client.get("/join/organisation/")
    assert "Name of the organisation" in text_of(page)

    sent = join(client, "/join/organisation/", organisation="Joiners & Co")
    entered = client.post(WAITING, {"code": code_for_cleo()})

    assert leads_to(sent) == (303, WAITING)
    assert leads_to(entered) == (303, "/organisations/new/?name=Joiners+%26+Co")
    assert client.get(entered.headers["Location"]).status_code == 200


def test_an_organisation_needs_a_name(client: Client, db: None) -> None:
    refused = join(client, "/join/organisation/", organisation="")

    assert refused.status_code == 422
    assert complained_fields(refused) == ["id_organisation"]
    assert letters_to("cleo@example.org") == []


def test_everything_wrong_is_said_at_once_and_at_its_field(client: Client, db: None) -> None:
    refused = join(client, name="", handle="Not A Handle", email="nowhere", password="short")

    assert refused.status_code == 422
    assert complained_fields(refused) == ["id_name", "id_handle", "id_email", "id_password"]
    assert len(complaints(refused)) == 4
    assert 'value="not a handle"' in refused.content.decode().lower()
    assert 'value="short"' not in refused.content.decode()
    assert OneTimeCode.objects.count() == 0


def test_whatever_is_missing_is_named(client: Client, db: None) -> None:
    refused = client.post("/join/", {})

    assert complaints(refused) == [
        "Your name: fill this in.", "Handle: fill this in.", "E-mail address: fill this in.",
        "Password: fill this in.",
    ]  # fmt: skip


@pytest.mark.parametrize("handle", ["ada", "admin"])
def test_a_handle_that_is_taken_is_said_at_its_field(handle: str, client: Client, ada: Member) -> None:
    refused = join(client, handle=handle)

    assert refused.status_code == 422
    assert complained_fields(refused) == ["id_handle"]
    assert complaints(refused) == ["That handle is taken. Try another one."]


def test_a_password_like_the_name_is_refused(client: Client, db: None) -> None:
    refused = join(client, password="cleoparkcleo", name="Cleoparkcleo")

    assert refused.status_code == 422
    assert complained_fields(refused) == ["id_password"]


def test_a_time_zone_that_a_browser_made_up_costs_nobody_their_joining(client: Client, db: None) -> None:
    join(client, time_zone="Mars/Olympus")
    client.post(WAITING, {"code": code_for_cleo()})

    assert Member.objects.get().time_zone == "UTC"


def test_an_address_with_an_account_gets_the_same_answer_and_another_letter(
    client: Client, ada: Member
) -> None:
    taken = join(client, email=ada.email)
    page = text_of(client.get(WAITING))
    free = join(Client())

    assert leads_to(taken) == leads_to(free) == (303, WAITING)
    assert "If it holds a code" in page
    assert last_letter(ada.email).subject == "You already have an account"
    for guess in ("000000", "123456"):
        assert complaints(client.post(WAITING, {"code": guess})) == [
            "That is not the code. Check the latest mail from us."
        ]


def test_a_wrong_code_is_said_at_the_field_and_counted(client: Client, db: None) -> None:
    join(client)
    right = code_for_cleo()

    refused = client.post(WAITING, {"code": wrong_code(right)})

    assert refused.status_code == 422
    assert complained_fields(refused) == ["id_code"]
    assert OneTimeCode.objects.get().attempts == 1
    assert leads_to(client.post(WAITING, {"code": f" {right[:3]}-{right[3:]} "})) == (303, "/")


def test_a_code_is_spent_after_five_wrong_guesses(client: Client, db: None) -> None:
    join(client)
    right = code_for_cleo()
    for _ in range(OneTimeCode.MOST_ATTEMPTS):
        client.post(WAITING, {"code": wrong_code(right)})

    refused = client.post(WAITING, {"code": right})

    assert refused.status_code == 410
    assert complaints(refused) == [
        "That code was used, replaced, or guessed wrong too often. Ask for a new one."
    ]
    assert Member.objects.count() == 0


def test_a_code_that_came_too_late_says_so(client: Client, db: None) -> None:
    with clock.at(clock.now() - timedelta(minutes=61)):
        join(client)
    join_late = code_for_cleo()

    refused = client.post(WAITING, {"code": join_late})

    assert refused.status_code == 410
    assert complaints(refused) == ["That code has expired. Ask for a new one."]


def test_an_empty_code_is_asked_for(client: Client, db: None) -> None:
    join(client)

    assert client.post(WAITING, {"code": ""}).status_code == 422
    assert OneTimeCode.objects.get().attempts == 0


def test_a_browser_that_waits_for_nothing_begins_at_the_beginning(client: Client, db: None) -> None:
    assert leads_to(client.get(WAITING)) == (302, "/join/")
    assert leads_to(client.get("/sign-in/code/confirm/")) == (302, "/sign-in/code/")


def test_opening_the_link_of_a_mail_changes_nothing_until_it_is_confirmed(client: Client, db: None) -> None:
    join(client, next="/people/")
    link = link_in(last_letter("cleo@example.org"))
    elsewhere = Client()

    page = elsewhere.get(link)

    assert "Join as cleo@example.org" in text_of(page)
    assert Member.objects.count() == 0
    assert leads_to(elsewhere.post(link)) == (303, "/")
    assert elsewhere.get("/api/v1/me").json()["handle"] == "cleo"
    assert client.get("/api/v1/me").status_code == 401


def test_the_link_in_the_browser_that_waits_leads_to_where_it_wanted(client: Client, db: None) -> None:
    join(client, next="/people/")

    assert leads_to(client.post(link_in(last_letter("cleo@example.org")))) == (303, "/people/")


def test_a_link_works_once(client: Client, db: None) -> None:
    join(client)
    link = link_in(last_letter("cleo@example.org"))
    client.post(link)

    page = Client().get(link)

    assert page.status_code == 410
    assert "This link was used, replaced, or is too old." in text_of(page)


def test_members_do_not_join_again(ada_client: Client) -> None:
    assert leads_to(ada_client.get("/join/")) == (302, "/")
    assert ada_client.post("/join/", CLEO).status_code in (302, 303)
    assert OneTimeCode.objects.count() == 0


def test_an_address_given_in_the_link_is_filled_in(client: Client, db: None) -> None:
    assert 'value="cleo@example.org"' in client.get("/join/?email=cleo@example.org").content.decode()
