"""What the environment makes of the ways in: cookies, password hashes, services to sign in with."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from argon2 import extract_parameters
from django.contrib.auth import hashers
from django.test import Client

from guildry.config import environment
from guildry.config import settings as config
from tests.factories.pages import text_of


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("GUILDRY_DATA_DIR", str(tmp_path))
    return monkeypatch


def configured() -> dict[str, Any]:
    """Return the settings as a new process would read them."""
    return runpy.run_path(str(config.__file__))


def test_passwords_are_hashed_with_the_least_that_owasp_asks_of_argon2(
    environ: object, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = configured()["PASSWORD_HASHERS"]

    encoded = hashers.make_password("correct horse battery staple")

    algorithm, _, rest = encoded.partition("$")
    found = extract_parameters(f"${rest}")
    assert algorithm == "argon2"
    assert rest.startswith("argon2id$v=19$")
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
    assert hashers.check_password("correct horse battery staple", encoded)
    assert not hashers.check_password("another", encoded)


def test_a_weaker_hash_is_replaced_at_the_next_sign_in(environ: object, settings: Any) -> None:
    settings.PASSWORD_HASHERS = configured()["PASSWORD_HASHERS"]
    old = hashers.make_password("correct horse battery staple", hasher="pbkdf2_sha256")
    kept: list[str] = []

    assert hashers.check_password("correct horse battery staple", old, setter=kept.append)

    assert kept == ["correct horse battery staple"]


def test_cookies_are_bound_to_an_https_origin(environ: pytest.MonkeyPatch, settings: Any, db: None) -> None:
    environ.setenv("GUILDRY_ORIGIN", "https://guild.example")
    found = configured()
    for name in found:
        if name.isupper() and ("COOKIE" in name or name in ("ORIGIN", "IS_SECURE", "ALLOWED_HOSTS")):
            setattr(settings, name, found[name])
    client = Client(headers={"host": "guild.example"})

    answer = client.post("/sign-in/code/", {"email": "nobody@example.org"}, secure=True)
    client.get("/sign-in/", secure=True)

    assert answer.status_code == 303
    assert (
        {"__Host-guildry", "__Host-csrf"}
        <= set(client.cookies)
        <= {"__Host-guildry", "__Host-csrf", "__Host-messages"}
    )
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (
            True,
            True,
            "/",
            "",
        )
        assert cookie["samesite"] == "Lax"


def test_cookies_of_a_plain_origin_have_plain_names(environ: object) -> None:
    found = configured()

    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("guildry", False)


SERVICES = {
    "GUILDRY_SIGN_IN_GOOGLE": ("id:secret", "Google"),
    "GUILDRY_SIGN_IN_FACEBOOK": ("id:secret", "Facebook"),
    "GUILDRY_SIGN_IN_LINKEDIN": ("id:secret", "LinkedIn"),
    "GUILDRY_SIGN_IN_OIDC": ("https://id:secret@login.example", "login.example"),
}


@pytest.mark.parametrize("variable", SERVICES)
def test_a_service_is_offered_once_its_variable_is_set(
    variable: str, environ: pytest.MonkeyPatch, settings: Any, client: Client, db: None
) -> None:
    value, label = SERVICES[variable]
    environ.setenv(variable, value)

    settings.SOCIALACCOUNT_PROVIDERS = configured()["SOCIALACCOUNT_PROVIDERS"]
    page = text_of(client.get("/sign-in/"))

    assert page.count("Continue with ") == 1
    assert f"Continue with {label}" in page
    services = [app for app in configured()["INSTALLED_APPS"] if ".providers." in app]
    assert services == [
        f"allauth.socialaccount.providers.{name}" for name in settings.SOCIALACCOUNT_PROVIDERS
    ]


def test_apple_is_offered_with_its_key_file(
    environ: pytest.MonkeyPatch, settings: Any, client: Client, db: None, tmp_path: Path
) -> None:
    (tmp_path / "key.p8").write_text("the key")
    environ.setenv("GUILDRY_SIGN_IN_APPLE", f"id:team:key:{tmp_path / 'key.p8'}")

    settings.SOCIALACCOUNT_PROVIDERS = configured()["SOCIALACCOUNT_PROVIDERS"]

    assert "Continue with Apple" in text_of(client.get("/sign-in/"))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GUILDRY_SIGN_IN_GOOGLE", "id"),
        ("GUILDRY_SIGN_IN_APPLE", "id:team:key:/nowhere.p8"),
        ("GUILDRY_SIGN_IN_OIDC", "http://id:secret@login.example"),
    ],
)
def test_a_service_that_is_half_set_up_stops_the_start(
    variable: str, value: str, environ: pytest.MonkeyPatch
) -> None:
    environ.setenv(variable, value)

    (finding,) = environment.read().findings

    assert (finding.key, finding.code) == (variable, "E15")
    assert configured()["SOCIALACCOUNT_PROVIDERS"] == {}
