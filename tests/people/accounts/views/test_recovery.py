"""Passwords forgotten, changed, set for the first time, and asked for again."""

from typing import Any

import pytest
from django.test import Client

from guildry.people.accounts import events
from guildry.people.accounts.models import Member, Session
from tests.factories.mail import last_letter, letters_to, link_in
from tests.factories.pages import announcements, complained_fields, complaints, leads_to, text_of
from tests.factories.people import PASSWORD
from tests.people.accounts.facts import published

NEW = "another horse battery staple"


def signed_in(member: Member) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": member.email, "password": PASSWORD})
    return client


def whoami(client: Client) -> str:
    return str(client.get("/api/v1/me").json().get("handle", ""))


def reset_link(member: Member) -> str:
    Client().post("/password/reset/", {"email": member.email})
    return link_in(last_letter(member.email))


def opened(link: str) -> tuple[Client, str]:
    """Follow a reset link as a browser does: the key moves from the address into the session."""
    client = Client()
    answer = client.get(link)
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(ada: Member) -> None:
    link = reset_link(ada)
    client, address = opened(link)
    assert "Choose a new password" in text_of(client.get(address))

    answer = client.post(address, {"password1": NEW})

    assert leads_to(answer) == (303, "/password/reset/done/")
    assert "Your new password is set" in text_of(client.get("/password/reset/done/"))
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert published(events.PasswordChanged) == [events.PasswordChanged(ada.pk)]
    assert last_letter(ada.email).subject == "Your password was reset"


def test_a_new_password_signs_every_device_out(ada: Member) -> None:
    device = signed_in(ada)
    client, address = opened(reset_link(ada))

    client.post(address, {"password1": NEW})

    assert whoami(device) == ""
    assert Session.objects.filter(member=ada).count() == 0


def test_a_reset_link_works_once(ada: Member) -> None:
    link = reset_link(ada)
    client, address = opened(link)
    client.post(address, {"password1": NEW})

    page = Client().get(link)

    assert page.status_code == 410
    assert "This link no longer works" in text_of(page)


def test_a_made_up_reset_link_says_so(client: Client, db: None) -> None:
    page = client.get("/password/reset/1-not-a-key/")

    assert page.status_code == 410
    assert "Ask for a new link" in text_of(page)


def test_a_weak_new_password_is_refused_and_the_link_still_works(ada: Member) -> None:
    client, address = opened(reset_link(ada))

    refused = client.post(address, {"password1": "short"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_password1"])
    assert leads_to(client.post(address, {"password1": NEW})) == (303, "/password/reset/done/")


def test_known_and_unknown_addresses_get_the_same_answer(ada: Member) -> None:
    known, unknown = (
        Client().post("/password/reset/", {"email": address}) for address in (ada.email, "no@example.org")
    )

    assert leads_to(known) == leads_to(unknown) == (303, "/password/reset/sent/")
    assert 'href="/mailbox/?to="' in Client().get("/password/reset/sent/").content.decode()
    assert last_letter(ada.email).subject == "Reset your password"
    assert last_letter(ada.email).has_secret
    assert last_letter("no@example.org").subject == "There is no account with this address"


def test_a_malformed_address_gets_no_link(client: Client, db: None) -> None:
    refused = client.post("/password/reset/", {"email": "nowhere"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_email"])


def test_a_suspended_member_gets_no_reset_link(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(is_active=False)

    Client().post("/password/reset/", {"email": ada.email})

    assert all(letter.subject != "Reset your password" for letter in letters_to(ada.email))


def test_members_change_their_password_and_keep_this_device(ada: Member) -> None:
    mine, other = signed_in(ada), signed_in(ada)

    answer = mine.post("/settings/password/", {"oldpassword": PASSWORD, "password1": NEW})

    assert leads_to(answer) == (303, "/settings/security/")
    assert announcements(answer) == ["Your password is changed. Other devices were signed out."]
    assert (whoami(mine), whoami(other)) == ("ada", "")
    assert last_letter(ada.email).subject == "Your password was changed"


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"oldpassword": "wrong", "password1": NEW}, ["id_oldpassword"]),
        ({"oldpassword": PASSWORD, "password1": "short"}, ["id_password1"]),
        ({}, ["id_oldpassword", "id_password1"]),
    ],
)
def test_a_password_is_changed_only_by_whoever_knows_it(
    answers: dict[str, Any], fields: list[str], ada: Member
) -> None:
    refused = signed_in(ada).post("/settings/password/", answers)

    assert (refused.status_code, complained_fields(refused)) == (422, fields)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_whoever_has_no_password_sets_a_first_one(ada: Member) -> None:
    client = signed_in(ada)
    ada.set_unusable_password()
    ada.save()
    client.force_login(ada)

    assert leads_to(client.get("/settings/password/")) == (302, "/settings/password/first/")
    answer = client.post("/settings/password/first/", {"password1": NEW})

    assert leads_to(answer) == (303, "/settings/security/")
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_what_protects_an_account_is_asked_for_again(ada: Member) -> None:
    client = Client()
    client.force_login(ada)

    asked = client.get("/settings/email/")
    page = client.get(asked.headers["Location"])
    refused = client.post("/confirm/password/", {"password": "wrong", "next": "/settings/email/"})
    confirmed = client.post("/confirm/password/", {"password": PASSWORD, "next": "/settings/email/"})

    assert leads_to(asked) == (302, "/confirm/password/?next=%2Fsettings%2Femail%2F")
    assert "Confirm that it is you" in text_of(page)
    assert (refused.status_code, complaints(refused)) == (422, ["That is not your password."])
    assert leads_to(confirmed) == (303, "/settings/email/")
    assert client.get("/settings/email/").status_code == 200


def test_a_form_sent_before_the_confirmation_is_carried_out_after_it(ada: Member) -> None:
    client = Client()
    client.force_login(ada)
    asked = client.post("/settings/tokens/", {"name": "Script", "scopes": ["read"], "days": "30"})
    assert asked.headers["Location"].startswith("/confirm/password/")

    done = client.post("/confirm/password/", {"password": PASSWORD, "next": "/settings/tokens/"})

    assert leads_to(done) == (303, "/settings/tokens/")
    assert ada.access_tokens.get().name == "Script"
