"""Second factors in the settings: the authenticator app, recovery codes and passkeys."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from guildry.kernel import clock
from guildry.kernel.permissions import StaffRole
from guildry.people.accounts import actions, events, tasks
from guildry.people.accounts.models import Member, StaffGrant
from tests.factories.factors import app_code, give_app, give_recovery_codes
from tests.factories.mail import last_letter, letters_to
from tests.factories.pages import announcements, complained_fields, complaints, leads_to, text_of
from tests.factories.people import PASSWORD
from tests.people.accounts.facts import published

ADD, SECURITY = "/settings/security/app/add/", "/settings/security/"


@pytest.fixture
def device(ada: Member) -> Client:
    """Ada's browser, minutes after she signed in with her password."""
    client = Client()
    client.post("/sign-in/", {"login": ada.email, "password": PASSWORD})
    return client


def shown_secret(page: Any) -> str:
    found = re.search(r'value="([A-Z2-7]{32})"', page.content.decode())
    assert found
    return found[1]


def test_the_security_page_says_what_protects_the_account(device: Client, ada: Member) -> None:
    bare = text_of(device.get(SECURITY))
    give_app(ada)
    give_recovery_codes(ada)

    protected = text_of(device.get(SECURITY))

    assert "Six digits from your phone at every sign-in Set up" in bare
    assert "Recovery codes" not in bare
    assert "Authenticator app On Remove" in protected
    assert "10 left" in protected


def test_staff_are_told_that_their_roles_rest(ada: Member, ben: Member, device: Client) -> None:
    StaffGrant.objects.create(member=ada, role=StaffRole.MODERATOR, granted_by=ben)
    Member.objects.filter(pk=ada.pk).update(has_staff_grant=True)

    assert "Your staff roles (Moderator) rest until" in text_of(device.get(SECURITY))


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_follow(
    device: Client, ada: Member, django_capture_on_commit_callbacks: Any
) -> None:
    page = device.get(ADD)
    secret = shown_secret(page)
    assert "data:image/svg+xml;base64," in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = device.post(ADD, {"code": app_code(secret)})

    assert leads_to(answer) == (303, "/settings/security/recovery-codes/")
    stored = Authenticator.objects.get(user=ada, type="totp")
    assert secret not in json.dumps(stored.data)
    assert published(events.SecondFactorAdded) == [
        events.SecondFactorAdded(ada.pk, "totp"), events.SecondFactorAdded(ada.pk, "recovery_codes")
    ]  # fmt: skip
    assert [letter.subject for letter in letters_to(ada.email)] == [
        "An authenticator app now protects your account"
    ]


def test_the_code_that_set_an_app_up_signs_nobody_in(device: Client, ada: Member) -> None:
    with time_machine.travel("2026-01-05 10:00:10Z", tick=False):
        fresh = Client()
        fresh.post("/sign-in/", {"login": ada.email, "password": PASSWORD})
        secret = shown_secret(fresh.get(ADD))
        code = app_code(secret)
        assert fresh.post(ADD, {"code": code}).status_code == 303
        thief = Client()
        thief.post("/sign-in/", {"login": ada.email, "password": PASSWORD})

        replayed = thief.post("/sign-in/second-factor/", {"code": code})

    assert replayed.status_code == 422


def test_a_wrong_first_code_keeps_the_same_key(device: Client, ada: Member) -> None:
    secret = shown_secret(device.get(ADD))

    refused = device.post(ADD, {"code": "12345"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_code"])
    assert shown_secret(refused) == secret
    assert Authenticator.objects.count() == 0


def test_whoever_has_an_app_is_led_to_removing_it(device: Client, ada: Member) -> None:
    give_app(ada)

    assert leads_to(device.get(ADD)) == (302, "/settings/security/app/remove/")


def test_removing_the_app_takes_the_recovery_codes_along(device: Client, ada: Member) -> None:
    give_app(ada)
    give_recovery_codes(ada)
    assert "Remove the authenticator app?" in text_of(device.get("/settings/security/app/remove/"))

    answer = device.post("/settings/security/app/remove/")

    assert leads_to(answer) == (303, SECURITY)
    assert announcements(answer) == ["Your authenticator app no longer works here."]
    assert Authenticator.objects.count() == 0
    assert published(events.SecondFactorRemoved)[0] == events.SecondFactorRemoved(ada.pk, "totp")
    assert last_letter(ada.email).subject == "The authenticator app was removed from your account"


def test_recovery_codes_are_shown_saved_and_replaced(device: Client, ada: Member) -> None:
    give_app(ada)
    old = give_recovery_codes(ada)
    page = text_of(device.get("/settings/security/recovery-codes/"))
    assert all(code in page for code in old)
    assert "10 of 10 left." in page

    file = device.get("/settings/security/recovery-codes/file/")
    replaced = device.post("/settings/security/recovery-codes/new/")

    assert file.headers["Content-Type"].startswith("text/plain")
    assert "attachment" in file.headers["Content-Disposition"]
    assert [line for line in file.content.decode().splitlines() if line in old] == old
    assert leads_to(replaced) == (303, "/settings/security/recovery-codes/")
    new = text_of(device.get("/settings/security/recovery-codes/"))
    assert not any(code in new for code in old)


def test_recovery_codes_need_a_second_factor_first(device: Client, ada: Member) -> None:
    assert device.get("/settings/security/recovery-codes/").status_code == 404
    assert device.post("/settings/security/recovery-codes/new/").status_code in (404, 422)
    assert Authenticator.objects.count() == 0


def test_whoever_has_their_codes_is_not_shown_them_again(device: Client, ada: Member) -> None:
    give_app(ada)
    codes = give_recovery_codes(ada)
    device.get("/settings/security/recovery-codes/")

    kept = device.post("/settings/security/recovery-codes/kept/")

    stored = str(Authenticator.objects.get(user=ada, type="recovery_codes").data)
    page = text_of(device.get("/settings/security/recovery-codes/"))
    assert leads_to(kept) == (303, SECURITY)
    assert not any(code in stored or code in page for code in codes)
    assert "seed" not in stored
    assert "10 of 10 left." in page
    assert device.get("/settings/security/recovery-codes/file/").status_code == 404
    assert device.get("/settings/security/recovery-codes/new/").status_code == 200
    assert actions.spend_factor_code(ada, member_id=ada.pk, code=codes[4])
    assert actions.spend_factor_code(ada, member_id=ada.pk, code=codes[4]) is None
    assert actions.spend_factor_code(ada, member_id=ada.pk, code=f" {codes[5][:4]} {codes[5][4:]}")
    assert "8 of 10 left." in text_of(device.get("/settings/security/recovery-codes/"))


def test_codes_are_shown_for_an_hour_and_hashed_then(device: Client, ada: Member, ben: Member) -> None:
    for member in (ada, ben):
        give_app(member)
        give_recovery_codes(member)
    device.get("/settings/security/recovery-codes/")

    assert tasks.hash_shown_codes.func() == 0
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert tasks.hash_shown_codes.func() == 1
        assert tasks.hash_shown_codes.func() == 0

    hashed = {
        row.user_id: "hashes" in row.data for row in Authenticator.objects.filter(type="recovery_codes")
    }
    assert hashed == {ada.pk: True, ben.pk: False}


def test_there_is_nothing_to_keep_without_codes(device: Client, ada: Member) -> None:
    assert device.post("/settings/security/recovery-codes/kept/").status_code == 404


def test_a_used_recovery_code_is_no_longer_listed(device: Client, ada: Member) -> None:
    give_app(ada)
    used = give_recovery_codes(ada)[0]
    other = Client()
    other.post("/sign-in/", {"login": ada.email, "password": PASSWORD})
    other.post("/sign-in/second-factor/", {"code": used})

    page = text_of(device.get("/settings/security/recovery-codes/"))

    assert used not in page
    assert "9 of 10 left." in page


def test_a_code_of_the_app_confirms_who_one_is(ada: Member) -> None:
    secret = give_app(ada)
    client = Client()
    client.force_login(ada)

    refused = client.post("/confirm/second-factor/", {"code": "1", "next": SECURITY})
    confirmed = client.post("/confirm/second-factor/", {"code": app_code(secret), "next": SECURITY})

    assert (refused.status_code, complaints(refused)) == (
        422,
        ["That is not the code. Wait for the next one and try again."],
    )
    assert leads_to(confirmed) == (303, SECURITY)
    assert "Use your password" in text_of(client.get("/confirm/second-factor/"))


def test_adding_a_passkey_offers_a_challenge_of_this_site(device: Client, ada: Member) -> None:
    page = device.get("/settings/security/passkeys/add/")

    found = re.search(r'data-options="([^"]+)"', page.content.decode())
    assert found
    options = json.loads(found[1].replace("&#34;", '"'))["creation_options"]["publicKey"]
    assert options["rp"]["id"] == "testserver"
    assert options["user"]["name"] == "@ada"
    assert len(options["challenge"]) >= 22
    assert "No passkeys yet" in text_of(device.get("/settings/security/passkeys/"))


def test_a_passkey_that_is_none_is_refused(device: Client, ada: Member) -> None:
    device.get("/settings/security/passkeys/add/")

    refused = device.post("/settings/security/passkeys/add/", {"name": "Mine", "credential": "{}"})

    assert refused.status_code == 422
    assert Authenticator.objects.count() == 0


def test_the_door_offers_a_passkey_challenge_to_guests(client: Client, db: None) -> None:
    answer = client.get("/sign-in/passkey/", headers={"Accept": "application/json"})

    options = answer.json()["request_options"]["publicKey"]
    assert options["rpId"] == "testserver"
    assert options.get("allowCredentials", []) == []
    refused = client.post("/sign-in/passkey/", {"credential": "{}"})
    assert refused.status_code in (302, 303, 422)


def give_passkey(member: Member) -> Authenticator:
    return Authenticator.objects.create(
        user=member, type="webauthn", data={"name": "Old phone", "credential": {}}
    )


def test_a_passkey_is_renamed(device: Client, ada: Member) -> None:
    passkey = give_passkey(ada)
    address = f"/settings/security/passkeys/{passkey.pk}/rename/"
    assert 'value="Old phone"' in device.get(address).content.decode()

    refused = device.post(address, {"name": ""})
    renamed = device.post(address, {"name": "New phone"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_name"])
    assert leads_to(renamed) == (303, "/settings/security/passkeys/")
    passkey.refresh_from_db()
    assert passkey.data["name"] == "New phone"


def test_a_passkey_is_removed(device: Client, ada: Member) -> None:
    passkey = give_passkey(ada)
    address = f"/settings/security/passkeys/{passkey.pk}/remove/"
    assert "Remove Old phone?" in text_of(device.get(address))

    removed = device.post(address)

    assert leads_to(removed) == (303, "/settings/security/passkeys/")
    assert Authenticator.objects.count() == 0
    assert last_letter(ada.email).subject == "A passkey was removed from your account"


def test_nobody_touches_the_passkey_of_another(device: Client, ben: Member) -> None:
    passkey = give_passkey(ben)

    for act in ("rename", "remove"):
        assert (
            device.post(f"/settings/security/passkeys/{passkey.pk}/{act}/", {"name": "Mine"}).status_code
            == 404
        )
    assert Authenticator.objects.get().data["name"] == "Old phone"
