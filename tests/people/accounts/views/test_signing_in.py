"""Signing in and out through the pages: password, code by mail, second factor, suspended members."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from guildry.people.accounts import actions
from guildry.people.accounts.models import Member, Session
from tests.factories.factors import app_code, give_app, give_recovery_codes
from tests.factories.mail import code_in, last_letter, link_in
from tests.factories.pages import complained_fields, complaints, leads_to, text_of
from tests.factories.people import PASSWORD, make_member

MISMATCH = "The address and the password do not belong together."
FACTOR = "/sign-in/second-factor/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def whoami(client: Client) -> str:
    return str(client.get("/api/v1/me").json().get("handle", ""))


def test_the_page_offers_every_way_in(client: Client, db: None) -> None:
    page = client.get("/sign-in/?next=/people/")

    html = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    for name in ("login", "password", "remember"):
        assert f'name="{name}"' in html
    assert 'autocomplete="current-password"' in html
    assert 'name="next" value="/people/"' in html
    assert 'href="/sign-in/code/?next=/people/"' in html
    assert 'href="/join/?next=/people/"' in html
    assert 'href="/password/reset/"' in html
    assert "Use a passkey" in html
    assert "Continue with" not in html


def test_members_sign_in_with_their_password(client: Client, ada: Member) -> None:
    answer = sign_in(client, " ADA@example.org ", next="/people/", remember="on")

    assert leads_to(answer) == (303, "/people/")
    assert whoami(client) == "ada"
    assert client.cookies["guildry"]["max-age"] == 60 * 60 * 24 * 30


def test_a_browser_that_is_not_remembered_forgets_at_its_end(client: Client, ada: Member) -> None:
    sign_in(client, ada.email)

    assert client.cookies["guildry"]["max-age"] == ""


def test_signing_in_gives_the_session_a_new_key(client: Client, ada: Member) -> None:
    client.post("/sign-in/code/", {"email": ada.email})
    before = client.cookies["guildry"].value

    sign_in(client, ada.email)

    assert client.cookies["guildry"].value != before
    assert Session.objects.count() == 1


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_pair_is_refused_without_saying_which_half(email: str, client: Client, ada: Member) -> None:
    refused = sign_in(client, email, "not the password")

    assert refused.status_code == 422
    assert complaints(refused) == [MISMATCH]
    assert "not the password" not in refused.content.decode()
    assert f'value="{email}"' in refused.content.decode()


def test_missing_answers_are_asked_for_at_their_fields(client: Client, db: None) -> None:
    refused = sign_in(client, "nowhere", "")

    assert refused.status_code == 422
    assert complained_fields(refused) == ["id_login", "id_password"]


def test_signing_in_never_leads_to_another_site(client: Client, ada: Member) -> None:
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert leads_to(sign_in(Client(), ada.email, next=address)) == (303, "/")


def test_members_are_not_asked_again(ada_client: Client) -> None:
    assert leads_to(ada_client.get("/sign-in/")) == (302, "/")


def test_a_suspended_member_reads_why(client: Client, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_active=False, suspension_reason="Sold what was not theirs.")

    answer = sign_in(client, ada.email)
    page = client.get("/sign-in/suspended/")

    assert leads_to(answer) == (303, "/sign-in/suspended/")
    assert page.status_code == 403
    assert "Sold what was not theirs." in text_of(page)
    assert whoami(client) == ""


def test_a_wrong_password_does_not_tell_that_a_member_is_suspended(client: Client, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_active=False, suspension_reason="Enough")

    refused = sign_in(client, ada.email, "not the password")

    assert complaints(refused) == [MISMATCH]


def test_signing_out_asks_first_and_ends_the_session(client: Client, ada: Member) -> None:
    sign_in(client, ada.email)
    key = client.cookies["guildry"].value
    assert "Sign out?" in text_of(client.get("/sign-out/"))

    answer = client.post("/sign-out/")

    assert leads_to(answer) == (303, "/")
    assert Session.objects.filter(member=ada).count() == 0
    client.cookies["guildry"] = key
    assert whoami(client) == ""


def test_a_guest_who_signs_out_is_sent_to_the_start(client: Client, db: None) -> None:
    assert leads_to(client.get("/sign-out/")) == (302, "/")


def test_members_sign_in_with_a_code_by_mail(client: Client, ada: Member) -> None:
    assert "six digits" in text_of(client.get("/sign-in/code/"))
    asked = client.post("/sign-in/code/", {"email": "Ada@Example.org", "next": "/people/"})
    page = client.get("/sign-in/code/confirm/")

    entered = client.post("/sign-in/code/confirm/", {"code": code_in(last_letter(ada.email))})

    assert leads_to(asked) == (303, "/sign-in/code/confirm/")
    assert 'href="/mailbox/?to=ada%40example.org"' in page.content.decode()
    assert leads_to(entered) == (303, "/people/")
    assert whoami(client) == "ada"


def test_members_sign_in_with_the_link_of_the_same_mail(client: Client, ada: Member) -> None:
    client.post("/sign-in/code/", {"email": ada.email})
    link = link_in(last_letter(ada.email))

    page = client.get(link)

    assert "Sign in as ada@example.org" in text_of(page)
    assert leads_to(client.post(link)) == (303, "/")
    assert whoami(client) == "ada"


def test_an_unknown_address_gets_the_same_pages_and_a_letter_that_says_so(
    client: Client, ada: Member
) -> None:
    known, unknown = Client(), Client()
    answers = [
        c.post("/sign-in/code/", {"email": e}) for c, e in ((known, ada.email), (unknown, "no@example.org"))
    ]
    pages = [text_of(c.get("/sign-in/code/confirm/")) for c in (known, unknown)]

    assert leads_to(answers[0]) == leads_to(answers[1])
    assert pages[0] == pages[1].replace("no@example.org", ada.email)
    assert last_letter("no@example.org").subject == "There is no account with this address"
    refused = unknown.post("/sign-in/code/confirm/", {"code": "123456"})
    assert (refused.status_code, complained_fields(refused)) == (422, ["id_code"])


def test_a_malformed_address_gets_no_code(client: Client, db: None) -> None:
    refused = client.post("/sign-in/code/", {"email": "nowhere"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_email"])


@pytest.mark.parametrize("way", ["password", "code"])
def test_a_second_factor_is_asked_for_whatever_the_first_was(way: str, client: Client, ada: Member) -> None:
    secret = give_app(ada)
    if way == "password":
        first = sign_in(client, ada.email, next="/people/")
    else:
        client.post("/sign-in/code/", {"email": ada.email, "next": "/people/"})
        first = client.post("/sign-in/code/confirm/", {"code": code_in(last_letter(ada.email))})

    assert leads_to(first) == (303, FACTOR)
    assert whoami(client) == ""
    assert "protected by a second factor" in text_of(client.get(FACTOR))
    second = client.post(FACTOR, {"code": app_code(secret)})

    assert leads_to(second) == (303, "/people/")
    assert whoami(client) == "ada"


def test_a_wrong_second_factor_is_said_at_the_field(client: Client, ada: Member) -> None:
    give_app(ada)
    sign_in(client, ada.email)

    refused = client.post(FACTOR, {"code": "12345"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_code"])
    assert complaints(refused) == ["That is not the code. Wait for the next one and try again."]
    assert whoami(client) == ""


def test_a_code_of_an_app_signs_in_once(ada: Member) -> None:
    secret = give_app(ada)
    with time_machine.travel("2026-01-05 10:00:10Z", tick=False):
        first, second = Client(), Client()
        for client in (first, second):
            sign_in(client, ada.email)
        used = app_code(secret)

        assert leads_to(first.post(FACTOR, {"code": used})) == (303, "/")
        replayed = second.post(FACTOR, {"code": used})

    assert replayed.status_code == 422
    assert whoami(second) == ""


def test_recovery_codes_stand_in_once_each(ada: Member) -> None:
    give_app(ada)
    code = give_recovery_codes(ada)[3]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, ada.email)

    assert leads_to(first.post(FACTOR, {"code": code})) == (303, "/")
    assert second.post(FACTOR, {"code": code}).status_code == 422


def test_whoever_stopped_halfway_can_start_again_as_somebody_else(client: Client, ada: Member) -> None:
    give_app(ada)
    ben = make_member("ben")
    sign_in(client, ada.email)

    start = client.get("/sign-in/")

    assert start.status_code == 200
    assert leads_to(sign_in(client, ben.email)) == (303, "/")
    assert whoami(client) == "ben"


def test_nobody_reaches_the_second_factor_without_the_first(client: Client, db: None) -> None:
    assert leads_to(client.get(FACTOR)) == (302, "/sign-in/")
    assert client.post(FACTOR, {"code": "123456"}).status_code in (302, 303)


def test_a_session_ended_on_another_device_leads_to_sign_in(client: Client, ada: Member) -> None:
    sign_in(client, ada.email)
    mine = Session.objects.get(member=ada)
    actions.end_session(ada, session_id=mine.pk)

    answer = client.get("/settings/")

    assert leads_to(answer) == (302, "/sign-in/?next=/settings/")
