"""Settings: how one is shown, the address, devices, tokens, hats."""

from typing import Any

import pytest
from django.test import Client

from guildry.people.accounts.models import AccessToken, Member, Session
from tests.factories.mail import code_in, last_letter, letters_to, link_in
from tests.factories.pages import announcements, complained_fields, complaints, leads_to, text_of
from tests.factories.people import PASSWORD

EMAIL, EMAIL_CODE = "/settings/email/", "/settings/email/code/"


def signed_in(member: Member, device: str = "") -> Client:
    client = Client(headers={"User-Agent": device} if device else None)
    client.post("/sign-in/", {"login": member.email, "password": PASSWORD})
    return client


@pytest.fixture
def device(ada: Member) -> Client:
    return signed_in(ada)


def test_members_change_how_they_are_shown(device: Client, ada: Member) -> None:
    page = device.get("/settings/")
    assert page.status_code == 200

    answer = device.post("/settings/", {"name": "Ada N.", "headline": "Makes chairs", "handle": "@Ada_Makes"})

    assert leads_to(answer) == (303, "/settings/")
    assert announcements(answer) == ["Saved."]
    ada.refresh_from_db()
    assert (ada.name, ada.headline, ada.handle) == ("Ada N.", "Makes chairs", "ada_makes")


def test_what_does_not_fit_is_said_at_its_field(device: Client, ada: Member, ben: Member) -> None:
    taken = device.post("/settings/", {"name": "Ada", "headline": "", "handle": "ben"})
    empty = device.post("/settings/", {"name": "", "headline": "x" * 141, "handle": "ben"})

    assert (taken.status_code, complained_fields(taken)) == (422, ["id_handle"])
    assert complaints(taken) == ["That handle is taken. Try another one."]
    assert (empty.status_code, complained_fields(empty)) == (422, ["id_name", "id_headline"])
    ada.refresh_from_db()
    assert (ada.name, ada.handle) == ("Ada Nwosu", "ada")


def test_members_choose_zone_and_colours(device: Client, ada: Member) -> None:
    answer = device.post("/settings/", {"time_zone": "Europe/Malta", "locale": "en-gb", "theme": "dark"})
    refused = device.post("/settings/", {"time_zone": "Mars/Olympus", "locale": "en-gb", "theme": ""})

    assert leads_to(answer) == (303, "/settings/")
    assert (refused.status_code, complained_fields(refused)) == (422, ["id_time_zone"])
    ada.refresh_from_db()
    assert (ada.time_zone, ada.theme) == ("Europe/Malta", "dark")


def test_a_new_address_counts_once_its_code_comes_back_and_the_old_one_is_told(
    device: Client, ada: Member
) -> None:
    asked = device.post(EMAIL, {"email": "Ada.New@Example.org"})
    assert leads_to(asked) == (303, EMAIL_CODE)
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    assert "We sent a message to ada.new@example.org" in text_of(device.get(EMAIL_CODE))

    entered = device.post(EMAIL_CODE, {"code": code_in(last_letter("ada.new@example.org"))})

    assert leads_to(entered) == (303, "/settings/")
    assert announcements(entered) == ["Your address is now ada.new@example.org."]
    ada.refresh_from_db()
    assert ada.email == "ada.new@example.org"
    assert last_letter("ada@example.org").subject == "The address of your account has changed"
    assert leads_to(device.get(EMAIL_CODE)) == (302, EMAIL)


def test_the_link_of_the_mail_confirms_the_new_address_too(device: Client, ada: Member) -> None:
    device.post(EMAIL, {"email": "ada.new@example.org"})
    link = link_in(last_letter("ada.new@example.org"))
    assert "Confirm your new address" in text_of(device.get(link))

    assert leads_to(device.post(link)) == (303, "/settings/email/")

    ada.refresh_from_db()
    assert ada.email == "ada.new@example.org"


def test_a_wrong_code_changes_no_address(device: Client, ada: Member) -> None:
    device.post(EMAIL, {"email": "ada.new@example.org"})
    right = code_in(last_letter("ada.new@example.org"))

    refused = device.post(EMAIL_CODE, {"code": f"{(int(right) + 1) % 10**6:06}"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_code"])
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_an_address_of_somebody_else_looks_free_and_never_becomes_ones_own(
    device: Client, ada: Member, ben: Member
) -> None:
    asked = device.post(EMAIL, {"email": ben.email})

    assert leads_to(asked) == (303, EMAIL_CODE)
    assert last_letter(ben.email).subject == "You already have an account"
    assert device.post(EMAIL_CODE, {"code": "123456"}).status_code == 422


def test_ones_own_address_is_no_change(device: Client, ada: Member) -> None:
    refused = device.post(EMAIL, {"email": "ADA@example.org"})

    assert (refused.status_code, complaints(refused)) == (422, ["That is your address already."])
    assert letters_to(ada.email) == []


def test_devices_are_listed_by_name_and_signed_out_one_by_one(ada: Member) -> None:
    laptop = signed_in(ada, "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0")
    phone = signed_in(ada, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1")
    page = text_of(laptop.get("/settings/sessions/"))
    assert "Firefox on Linux This device" in page
    assert "Safari on iPhone" in page
    other = Session.objects.get(device="Safari on iPhone")

    answer = laptop.post(f"/settings/sessions/{other.pk}/end/")

    assert leads_to(answer) == (303, "/settings/sessions/")
    assert announcements(answer) == ["That device is signed out."]
    assert phone.get("/api/v1/me").status_code == 401
    assert laptop.get("/api/v1/me").status_code == 200
    assert laptop.post(f"/settings/sessions/{other.pk}/end/").status_code == 404


def test_everywhere_else_is_signed_out_at_once(ada: Member, device: Client) -> None:
    others = [signed_in(ada), signed_in(ada)]

    answer = device.post("/settings/sessions/others/end/")

    assert leads_to(answer) == (303, "/settings/sessions/")
    assert announcements(answer) == ["Signed out on 2 other devices."]
    assert [client.get("/api/v1/me").status_code for client in (device, *others)] == [200, 401, 401]


def make_token(device: Client, **changes: Any) -> Any:
    return device.post("/settings/tokens/", {"name": "Script", "scopes": ["me.read"], "days": "30"} | changes)


def test_a_token_is_shown_once(device: Client, ada: Member) -> None:
    answer = make_token(device)
    assert leads_to(answer) == (303, "/settings/tokens/")

    shown, again = (device.get("/settings/tokens/") for _ in range(2))

    secret = shown.content.decode().split('value="gld_')[1].split('"')[0]
    assert "Your new token for Script" in text_of(shown)
    assert secret not in again.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    bearer = {"Authorization": f"Bearer gld_{secret}"}
    assert Client().get("/api/v1/me", headers=bearer).json()["handle"] == "ada"


def test_what_a_token_needs_is_said_at_its_field(device: Client, ada: Member) -> None:
    refused = make_token(device, name="", scopes=["admin"], days="31")

    assert refused.status_code == 422
    assert len(complaints(refused)) == 3
    assert "id_name" in complained_fields(refused)
    assert AccessToken.objects.count() == 0


def test_too_many_tokens_are_refused_above_the_form(device: Client, ada: Member) -> None:
    for _ in range(25):
        assert make_token(device).status_code == 303

    refused = make_token(device)

    assert refused.status_code == 422
    assert complaints(refused) == [
        "You have as many tokens as one member may have. Revoke one before you make another."
    ]


def test_a_revoked_token_is_off_the_list(device: Client, ada: Member) -> None:
    make_token(device)
    device.get("/settings/tokens/")

    answer = device.post(f"/settings/tokens/{AccessToken.objects.get().pk}/revoke/")

    assert leads_to(answer) == (303, "/settings/tokens/")
    assert "No tokens" in text_of(device.get("/settings/tokens/"))


def test_hats_are_put_on_and_switched(device: Client, ada: Member) -> None:
    chosen = device.post("/settings/hats/", {"hats": ["mentor", "client"]})
    page = text_of(device.get("/settings/hats/"))
    switched = device.post("/settings/hats/active/", {"hat": "client", "next": "/people/"})

    assert leads_to(chosen) == (303, "/settings/hats/")
    assert "Wear now" in page
    assert leads_to(switched) == (303, "/people/")
    ada.refresh_from_db()
    assert (ada.hats, ada.active_hat) == (["mentor", "client"], "client")


def test_hats_that_do_not_exist_or_are_not_worn_are_refused(device: Client, ada: Member) -> None:
    unknown = device.post("/settings/hats/", {"hats": ["king"]})
    unworn = device.post("/settings/hats/active/", {"hat": "mentor"})

    assert unknown.status_code == 422
    assert unworn.status_code == 422
    assert "Put that hat on first" in text_of(unworn)
    ada.refresh_from_db()
    assert (ada.hats, ada.active_hat) == ([], "")


def test_the_settings_menu_leads_to_every_page_of_the_account(device: Client, ada: Member) -> None:
    html = device.get("/settings/").content.decode()

    menu = html[html.index('aria-label="Settings"') :]
    for address in ("", "security/", "sessions/", "hats/", "tokens/"):
        assert f'href="/settings/{address}"' in menu
    assert 'href="/staff/"' not in html
