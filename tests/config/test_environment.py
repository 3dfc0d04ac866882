"""The environment is read strictly: a wrong or unknown variable stops the start and says what to do."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from guildry.config import environment


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in environment.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GUILDRY_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_nothing_has_to_be_set() -> None:
    found = environment.read()

    assert found.origin.geturl() == "http://localhost:8000"
    assert (found.database, found.redis, found.mail) == ("sqlite", "", "mailbox")
    assert found.mail_from == "guildry@localhost"
    assert environment.sign_in_providers(found) == {}


def test_a_key_is_made_once_and_kept_to_oneself(clean: Path) -> None:
    first, second = environment.read().secret_key, environment.read().secret_key

    assert first == second
    assert len(first) >= 43
    assert stat.S_IMODE((clean / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in clean.iterdir()] == ["secret_key"]


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDRY_HOSTS", "guild.example, www.guild.example,,")

    assert environment.read().hosts == ("guild.example", "www.guild.example")


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("GUILDRY_ORIGIN", "guild.example", "https://guild.example"),
        ("GUILDRY_ORIGIN", "ftp://guild.example", "https://guild.example"),
        ("GUILDRY_DEBUG", "yes", "0 or 1"),
        ("GUILDRY_SECRET_KEY", "short", "at least 32"),
        ("GUILDRY_DATABSE", "sqlite", "Unknown variables"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, advice: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.read()

    assert name in str(refusal.value)
    assert advice in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("GUILDRY_SIGN_IN_GOOGLE", "only-an-id", "client id and a secret"),
        ("GUILDRY_SIGN_IN_FACEBOOK", ":secret", "client id and a secret"),
        ("GUILDRY_SIGN_IN_APPLE", "id:team:key:/nowhere.p8", ".p8 key"),
        ("GUILDRY_SIGN_IN_OIDC", "http://id:secret@issuer.example", "https://id:secret@issuer"),
        ("GUILDRY_SIGN_IN_OIDC", "https://issuer.example", "https://id:secret@issuer"),
    ],
)
def test_a_sign_in_provider_says_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, advice: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=advice):
        environment.sign_in_providers(environment.read())


def test_every_sign_in_provider_can_be_switched_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = tmp_path / "apple.p8"
    key.write_text("a key")
    monkeypatch.setenv("GUILDRY_SIGN_IN_GOOGLE", "g:1")
    monkeypatch.setenv("GUILDRY_SIGN_IN_FACEBOOK", "f:2")
    monkeypatch.setenv("GUILDRY_SIGN_IN_APPLE", f"a:team:key:{key}")
    monkeypatch.setenv("GUILDRY_SIGN_IN_LINKEDIN", "l:3")
    monkeypatch.setenv("GUILDRY_SIGN_IN_OIDC", "https://me:s%3Acret@issuer.example:8443/realm")

    found = environment.sign_in_providers(environment.read())

    assert set(found) == {"google", "facebook", "apple", "openid_connect"}
    linkedin, other = found["openid_connect"]["APPS"]
    assert (linkedin["provider_id"], linkedin["client_id"]) == ("linkedin", "l")
    assert (other["name"], other["secret"]) == ("issuer.example", "s:cret")
    assert other["settings"]["server_url"] == "https://issuer.example:8443/realm"
    assert found["apple"]["APPS"][0]["settings"]["certificate_key"] == "a key"
