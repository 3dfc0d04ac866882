"""The whole way through Google and through Apple, with a provider on this machine in the place of theirs."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.apple.views import AppleOAuth2Adapter
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from guildry.people.accounts.models import Member
from tests.factories import identity_provider
from tests.factories.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.factories.pages import leads_to, text_of
from tests.people.accounts.views.test_providers import led_to

pytestmark = pytest.mark.loopback
GOOGLE, APPLE = "https://accounts.google.com", "https://appleid.apple.com"
CLEO = {"sub": "u-1", "email": "cleo@example.org", "email_verified": True}


@pytest.fixture
def google(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    with identity_provider.running() as provider:
        provider.issuer = GOOGLE
        provider.person = CLEO | {"name": "Cleo Park"}
        app = {"client_id": CLIENT, "secret": SECRET}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "google": {"APPS": [app], "SCOPE": ["openid", "email", "profile"], "OAUTH_PKCE_ENABLED": True}
        }
        monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", f"{provider.origin}/token")
        yield provider


@pytest.fixture
def apple(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()

    def is_signed_by_the_team(secret: str) -> bool:
        claims = jwt.decode(secret, key.public_key(), ["ES256"], audience=APPLE)
        names = (claims["iss"], claims["sub"], jwt.get_unverified_header(secret)["kid"])
        return names == ("team", CLIENT, "key one")

    with identity_provider.running() as provider:
        provider.issuer, provider.knows, provider.person = APPLE, is_signed_by_the_team, CLEO
        app = {
            "client_id": CLIENT, "key": "team", "secret": "key one", "settings": {"certificate_key": certificate}
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"apple": {"APPS": [app]}}
        monkeypatch.setattr(AppleOAuth2Adapter, "access_token_url", f"{provider.origin}/token")
        monkeypatch.setattr(AppleOAuth2Adapter, "public_key_url", f"{provider.origin}/keys")
        yield provider


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def test_google_vouches_for_a_newcomer(client: Client, db: None, google: IdentityProvider) -> None:
    left_for = led_to(client, "/sign-in/service/google/login/")
    terms = {"code": "right", "state": state_of(left_for)}
    returned = client.get("/sign-in/service/google/login/callback/", terms)
    page = client.get("/sign-in/service/join/")
    joined = client.post("/sign-in/service/join/", {"name": "Cleo Park", "handle": "cleo"})

    assert left_for.startswith(f"{GOOGLE}/o/oauth2/v2/auth?")
    assert leads_to(returned) == (302, "/sign-in/service/join/")
    assert "Google vouches for cleo@example.org" in text_of(page)
    assert joined.status_code == 303
    assert client.get("/api/v1/me").json()["handle"] == "cleo"
    assert google.asked[0]["code_verifier"]
    assert SocialAccount.objects.get().uid == "u-1"


def test_google_with_a_name_of_somebody_else_on_its_answer_lets_nobody_in(
    client: Client, db: None, google: IdentityProvider
) -> None:
    google.issuer = "https://accounts.example.org"
    left_for = led_to(client, "/sign-in/service/google/login/")

    client.get("/sign-in/service/google/login/callback/", {"code": "right", "state": state_of(left_for)})

    assert client.get("/api/v1/me").status_code == 401
    assert not Member.objects.exists()


def test_apple_comes_back_with_a_form_and_vouches_for_a_newcomer(
    client: Client, db: None, apple: IdentityProvider
) -> None:
    left_for = led_to(client, "/sign-in/service/apple/login/")
    who = json.dumps({"name": {"firstName": "Cleo", "lastName": "Park"}, "email": "cleo@example.org"})
    posted = client.post(
        "/sign-in/service/apple/login/callback/", {"code": "right", "state": state_of(left_for), "user": who}
    )
    returned = client.get(leads_to(posted)[1])
    page = client.get("/sign-in/service/join/")
    joined = client.post("/sign-in/service/join/", {"name": "Cleo Park", "handle": "cleo"})

    assert left_for.startswith(f"{APPLE}/auth/authorize?")
    assert parse_qs(urlsplit(left_for).query)["response_mode"] == ["form_post"]
    assert leads_to(posted)[1].startswith("http://testserver/sign-in/service/apple/login/callback/finish/?")
    assert leads_to(returned) == (302, "/sign-in/service/join/")
    assert "Apple vouches for cleo@example.org" in text_of(page)
    assert joined.status_code == 303
    assert client.get("/api/v1/me").json()["handle"] == "cleo"


def test_apple_with_a_signature_of_another_key_lets_nobody_in(
    client: Client, db: None, apple: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_for = led_to(client, "/sign-in/service/apple/login/")
    posted = client.post(
        "/sign-in/service/apple/login/callback/", {"code": "right", "state": state_of(left_for)}
    )
    with identity_provider.running() as stranger:
        monkeypatch.setattr(AppleOAuth2Adapter, "public_key_url", f"{stranger.origin}/keys")
        client.get(leads_to(posted)[1])

    assert client.get("/api/v1/me").status_code == 401
    assert not Member.objects.exists()
