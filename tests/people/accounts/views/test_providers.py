"""Signing in through another service, with a real OpenID Connect provider on this machine."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from guildry.people.accounts.models import Member
from tests.factories import identity_provider
from tests.factories.factors import app_code, give_app
from tests.factories.identity_provider import IdentityProvider
from tests.factories.pages import announcements, complained_fields, leads_to, text_of
from tests.factories.people import PASSWORD

ADDRESS = "/sign-in/service/oidc/oidc/login/"
CLEO = {"sub": "u-1", "name": "Cleo Park", "email": "cleo@example.org", "email_verified": True}
pytestmark = pytest.mark.loopback


@pytest.fixture
def union(settings: Any) -> Iterator[IdentityProvider]:
    """A provider called The Union that vouches for Cleo."""
    with identity_provider.running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings
        provider.person = dict(CLEO)
        yield provider


def go(client: Client, **terms: str) -> str:
    return led_to(client, ADDRESS, **terms)


def led_to(client: Client, address: str, **terms: str) -> str:
    """Press the button of a service; returns where the browser is led."""
    page = client.post(address, query_params={"process": "login", **terms})
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, text_of(page)
    return found[1].replace("&amp;", "&")


def come_back(client: Client, left_for: str, code: str = "right") -> Any:
    """Return from the provider with a code, as its redirect would."""
    state = parse_qs(urlsplit(left_for).query)["state"][0]
    return client.get("/sign-in/service/oidc/oidc/login/callback/", {"code": code, "state": state})


def connect(member: Member, person: str = "u-1") -> SocialAccount:
    return SocialAccount.objects.create(user=member, provider="oidc", uid=person, extra_data={})


def test_a_button_appears_once_a_service_is_set_up(client: Client, db: None, union: IdentityProvider) -> None:
    for address in ("/sign-in/", "/join/"):
        page = client.get(f"{address}?next=/people/")
        assert "Continue with The Union" in text_of(page)
        assert f'action="{ADDRESS}?process=login&amp;next=%2Fpeople%2F"' in page.content.decode()


def test_leaving_needs_a_press_and_passes_by_a_page_of_ours(
    client: Client, db: None, union: IdentityProvider
) -> None:
    asked = client.get(ADDRESS)
    address = go(client)

    assert "Continue with The Union" in text_of(asked)
    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{union.origin}/authorize?")
    assert query["redirect_uri"] == ["http://testserver/sign-in/service/oidc/oidc/login/callback/"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"openid", "email"} <= set(query["scope"][0].split())


def test_a_newcomer_whom_a_service_vouches_for_chooses_a_handle_and_is_in(
    client: Client, db: None, union: IdentityProvider
) -> None:
    returned = come_back(client, go(client, next="/people/"))
    assert leads_to(returned) == (302, "/sign-in/service/join/")
    page = client.get("/sign-in/service/join/")
    assert "The Union vouches for cleo@example.org" in text_of(page)
    assert 'value="cleo_park"' in page.content.decode()

    joined = client.post("/sign-in/service/join/", {"name": "Cleo Park", "handle": "cleo"})

    assert leads_to(joined) == (303, "/people/")
    cleo = Member.objects.get()
    assert (cleo.handle, cleo.email, cleo.has_usable_password()) == ("cleo", "cleo@example.org", False)
    assert client.get("/api/v1/me").json()["handle"] == "cleo"
    account = SocialAccount.objects.get()
    assert (account.user, account.uid) == (cleo, "u-1")
    assert union.asked[0]["code_verifier"]


def test_a_handle_that_is_taken_is_said_at_its_field(
    client: Client, ada: Member, union: IdentityProvider
) -> None:
    come_back(client, go(client))

    refused = client.post("/sign-in/service/join/", {"name": "Cleo Park", "handle": "ada"})

    assert (refused.status_code, complained_fields(refused)) == (422, ["id_handle"])
    assert Member.objects.count() == 1


def test_members_who_connected_a_service_are_in_at_once(
    client: Client, ada: Member, union: IdentityProvider
) -> None:
    connect(ada)

    returned = come_back(client, go(client, next="/people/"))

    assert leads_to(returned) == (302, "/people/")
    assert client.get("/api/v1/me").json()["handle"] == "ada"


def test_a_second_factor_is_asked_for_all_the_same(
    client: Client, ada: Member, union: IdentityProvider
) -> None:
    connect(ada)
    secret = give_app(ada)

    returned = come_back(client, go(client))

    assert leads_to(returned) == (302, "/sign-in/second-factor/")
    assert client.get("/api/v1/me").status_code == 401
    assert leads_to(client.post("/sign-in/second-factor/", {"code": app_code(secret)})) == (303, "/")


def test_a_suspended_member_stays_outside(client: Client, ada: Member, union: IdentityProvider) -> None:
    connect(ada)
    Member.objects.filter(pk=ada.pk).update(is_active=False, suspension_reason="Enough")

    returned = come_back(client, go(client))

    assert leads_to(returned) == (302, "/sign-in/suspended/")
    assert client.get("/api/v1/me").status_code == 401


def test_an_account_is_not_taken_over_by_its_address(
    client: Client, ada: Member, union: IdentityProvider
) -> None:
    union.person["email"] = ada.email

    returned = come_back(client, go(client))

    assert leads_to(returned) == (302, "/sign-in/")
    assert announcements(returned) == [
        "There is an account with ada@example.org. Sign in, then connect The Union under Settings, Security."
    ]
    assert client.get("/api/v1/me").status_code == 401
    assert SocialAccount.objects.count() == 0


def test_an_address_that_nobody_vouches_for_has_to_be_proven_here(
    client: Client, db: None, union: IdentityProvider
) -> None:
    union.person["email_verified"] = False

    returned = come_back(client, go(client))

    assert leads_to(returned) == (302, "/join/")
    assert announcements(returned)[0].startswith("The Union does not vouch for your address")
    assert Member.objects.count() == 0


@pytest.mark.parametrize("code", ["wrong", ""])
def test_a_code_that_the_service_does_not_know_lets_nobody_in(
    code: str, client: Client, db: None, union: IdentityProvider
) -> None:
    page = come_back(client, go(client), code)

    assert page.status_code == 401
    assert "That did not work" in text_of(page)


def test_an_answer_to_a_question_of_somebody_else_lets_nobody_in(
    client: Client, ada: Member, union: IdentityProvider
) -> None:
    connect(ada)
    asked = go(Client())

    page = come_back(client, asked)

    assert page.status_code == 401
    assert client.get("/api/v1/me").status_code == 401


def test_whoever_stops_at_the_service_finds_nothing_changed(
    client: Client, db: None, union: IdentityProvider
) -> None:
    state = parse_qs(urlsplit(go(client)).query)["state"][0]

    answer = client.get(
        "/sign-in/service/oidc/oidc/login/callback/", {"error": "access_denied", "state": state}, follow=True
    )

    assert "Nothing happened" in text_of(answer)
    assert Member.objects.count() == 0


def signed_in(member: Member) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": member.email, "password": PASSWORD})
    return client


def test_members_connect_a_service_and_disconnect_it(ada: Member, union: IdentityProvider) -> None:
    device = signed_in(ada)
    page = "/settings/security/services/"
    assert "Nothing connected" in text_of(device.get(page))

    returned = come_back(device, go(device, process="connect"))
    listed = text_of(device.get(page))
    gone = device.post(page, {"account": str(SocialAccount.objects.get().pk)})

    assert leads_to(returned) == (302, page)
    assert "The Union cleo@example.org Disconnect" in listed
    assert leads_to(gone) == (303, page)
    assert SocialAccount.objects.count() == 0


def test_the_last_way_in_cannot_be_disconnected(ada: Member, union: IdentityProvider) -> None:
    device = signed_in(ada)
    account = connect(ada)
    ada.set_unusable_password()
    ada.save()
    device.force_login(ada)

    refused = device.post("/settings/security/services/", {"account": str(account.pk)})

    assert refused.status_code == 422
    assert SocialAccount.objects.count() == 1


def test_an_account_of_somebody_else_cannot_be_connected_too(
    ada: Member, ben: Member, union: IdentityProvider
) -> None:
    connect(ben)
    device = signed_in(ada)

    returned = come_back(device, go(device, process="connect"))

    assert leads_to(returned) == (302, "/settings/security/services/")
    assert announcements(returned) == ["That account is connected to another member."]
    assert SocialAccount.objects.get().user == ben


def test_a_service_that_is_not_set_up_is_nowhere(client: Client, db: None) -> None:
    for address in (ADDRESS, "/sign-in/service/google/login/"):
        assert client.post(address).status_code == 404
    assert leads_to(client.get("/sign-in/service/join/")) == (302, "/sign-in/")
