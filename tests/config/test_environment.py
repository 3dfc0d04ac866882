"""Files and environment are read strictly: whatever is wrong stops the start, all at once, and nothing is written."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from guildry.config import environment, keys
from guildry.kernel import points, runtime


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in os.environ:
        if name.startswith("GUILDRY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GUILDRY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what a start puts in force last for one test."""
    for name in ("_values", "_secrets", "_outside", "_again"):
        monkeypatch.setattr(runtime, name, getattr(runtime, name))
    monkeypatch.setattr(settings, "SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])


def told() -> list[str]:
    return [str(finding) for finding in environment.read().findings]


def test_nothing_has_to_be_set() -> None:
    found = environment.read()

    assert found.origin.geturl() == "http://localhost:8000"
    assert (found.database, found.redis, found.mail) == ("sqlite", "", "mailbox")
    assert found.mail_from == "guildry@localhost"
    assert found.sign_in == {}
    assert (found.findings, found.secrets) == ((), ())


def test_secrets_are_made_once_and_kept_to_oneself(clean: Path, undone: None) -> None:
    environment.settle()
    first = environment.read().secrets
    environment.settle()

    assert environment.read().secrets == first
    assert len(first[0]) >= 43
    assert (settings.SECRET_KEY, runtime.secrets_of("secret.key")) == (first[0], first)
    assert sorted(path.name for path in clean.iterdir()) == ["metrics_token", "secret_key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in clean.iterdir()} == {0o600}


def test_a_key_that_is_given_is_not_kept(clean: Path, undone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = "the-newest-of-two-keys-that-seal-0123", "the-older-of-two-keys-that-seal-4567"
    monkeypatch.setenv("GUILDRY_SECRET_KEY", new)
    monkeypatch.setenv("GUILDRY_SECRET_KEY_OLD", old)

    environment.settle()

    assert (new, [old]) == (settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)
    assert [path.name for path in clean.iterdir()] == ["metrics_token"]


def test_nothing_is_written_while_something_is_wrong(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDRY_DATABSE", "sqlite")
    monkeypatch.setenv("GUILDRY_DEBUG", "yes")

    with pytest.raises(environment.Misconfigured) as refusal:
        environment.settle()

    assert str(refusal.value).splitlines() == [
        "environment:0:0 GUILDRY_DATABSE E09 is the name of no key. -> did you mean GUILDRY_DATABASE?",
        "environment:0:0 GUILDRY_DEBUG E12 takes 0 or 1, not 'yes'. -> write 0 or 1",
    ]
    assert not clean.exists()


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDRY_HOSTS", "guild.example, www.guild.example,,")

    assert environment.read().hosts == ("guild.example", "www.guild.example")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GUILDRY_ORIGIN", "guild.example", "E15 takes an address such as https://guild.example"),
        ("GUILDRY_ORIGIN", "ftp://guild.example", "E15 takes an address such as https://guild.example"),
        ("GUILDRY_DEBUG", "yes", "E12 takes 0 or 1"),
        ("GUILDRY_SECRET_KEY", "short", "E17 needs at least 32 characters"),
        ("GUILDRY_SECRET_KEY", "ab" * 20, "E17 is easy to guess"),
        ("GUILDRY_SECRET_KEY_OLD", "the-older-of-two-keys-that-seal-4567", "E19 goes with a secret key"),
        ("GUILDRY_DATABASE", "postgres://db/guildry", "E15 takes sqlite, or mysql://"),
        ("GUILDRY_DATABASE", "mysql://guildry:…@db/guildry", "E16 still holds a placeholder"),
        ("GUILDRY_REDIS", "cache:6379", "E15 takes redis://"),
        ("GUILDRY_MAIL", "mail.example", "E15 takes smtp://"),
        ("GUILDRY_MAIL_FROM", "nobody", "E15 takes a mail address"),
        ("GUILDRY_CLAMD", "scanner", "E15 takes a host and a port"),
        ("GUILDRY_SIGN_IN_GOOGLE", "only-an-id", "E15 takes a client id and a secret"),
        ("GUILDRY_SIGN_IN_FACEBOOK", ":secret", "E15 takes a client id and a secret"),
        ("GUILDRY_SIGN_IN_APPLE", "id:team:key:/nowhere.p8", "E15 takes client id:team id:key id:path"),
        ("GUILDRY_SIGN_IN_OIDC", "http://id:secret@issuer.example", "E15 takes https://id:secret@issuer"),
        ("GUILDRY_SIGN_IN_OIDC", "https://issuer.example", "E15 takes https://id:secret@issuer"),
        ("GUILDRY_SIGN_IN_OIDC_NAME", "Guild", "E19 names a service that is not set up"),
        ("GUILDRY_ENV_FILE", "/nowhere/.env", "E20 names /nowhere/.env, which cannot be read"),
        ("GUILDRY_CONFIG_FILE", "/nowhere.toml", "E20 names /nowhere.toml, which cannot be read"),
    ],
)
def test_a_wrong_variable_is_told_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    (finding,) = told()

    assert finding.startswith(f"environment:0:0 {name} {said}")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"DEBUG": "1", "ORIGIN": "https://guild.example"}, "E19 shows error details to everybody"),
        ({"REDIS": "redis://cache", "CLAMD": "cache:6379"}, "E19 is the port of Redis"),
        (
            {"SECRET_KEY": "one-key-for-two-things-is-one-too-few",
             "METRICS_TOKEN": "one-key-for-two-things-is-one-too-few"},
            "E17 is the same secret as",
        ),
    ],
)  # fmt: skip
def test_values_that_do_not_go_together_are_told(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"GUILDRY_{name}", value)

    (finding,) = told()

    assert said in finding


def test_a_data_folder_that_cannot_be_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GUILDRY_DATA_DIR", str(tmp_path / "file" / "data"))

    (finding,) = told()

    assert finding.startswith("environment:0:0 GUILDRY_DATA_DIR E22 cannot be written to: ")


def test_the_file_of_variables_is_read_from_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "GUILDRY_ORIGIN=https://guild.example\nGUILDRY_HOSTS='a.example,b.example'\n"
    )

    found = environment.read()

    assert found.origin.geturl() == "https://guild.example"
    assert found.hosts == ("a.example", "b.example")


def test_another_file_of_variables_can_be_named_and_the_process_wins_over_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("GUILDRY_ORIGIN=https://not.example\n")
    (tmp_path / "other").write_text("GUILDRY_ORIGIN=https://guild.example\nGUILDRY_HOSTS=a.example\n")
    monkeypatch.setenv("GUILDRY_ENV_FILE", str(tmp_path / "other"))
    monkeypatch.setenv("GUILDRY_HOSTS", "c.example")
    monkeypatch.setenv("GUILDRY_MAIL_FROM", "  ")

    found = environment.read()

    assert (found.origin.geturl(), found.hosts) == ("https://guild.example", ("c.example",))


def test_a_file_of_tables_yields_to_variables(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('[site]\norigin = "https://guild.example"\nhosts = ["a.example"]\n')
    (tmp_path / ".env").write_text(
        "GUILDRY_CONFIG_FILE=${HERE}/other.toml\nGUILDRY_HOSTS=b.example\nHERE=" + f"{tmp_path}\n"
    )

    found = environment.read()

    assert (found.origin.geturl(), found.hosts) == ("https://guild.example", ("b.example",))


def test_a_place_in_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# here\nGUILDRY_DEBUG=maybe\n")
    (tmp_path / "guildry.toml").write_text("[site]\norigin = 'nowhere'\n")

    assert [line.split(" ")[0:3] for line in told()] == [
        [".env:2:15", "GUILDRY_DEBUG", "E12"],
        ["guildry.toml:2:10", "site.origin", "E15"],
    ]


def test_every_sign_in_provider_can_be_switched_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = tmp_path / "apple.p8"
    key.write_text("a key")
    monkeypatch.setenv("GUILDRY_SIGN_IN_GOOGLE", "g:1")
    monkeypatch.setenv("GUILDRY_SIGN_IN_FACEBOOK", "f:2")
    monkeypatch.setenv("GUILDRY_SIGN_IN_APPLE", f"a:team:key:{key}")
    monkeypatch.setenv("GUILDRY_SIGN_IN_LINKEDIN", "l:3")
    monkeypatch.setenv("GUILDRY_SIGN_IN_OIDC", "https://me:s%3Acret@issuer.example:8443/realm")

    found = environment.read().sign_in

    assert set(found) == {"google", "facebook", "apple", "openid_connect"}
    linkedin, other = found["openid_connect"]["APPS"]
    assert (linkedin["provider_id"], linkedin["client_id"]) == ("linkedin", "l")
    assert (other["name"], other["secret"]) == ("issuer.example", "s:cret")
    assert other["settings"]["server_url"] == "https://issuer.example:8443/realm"
    assert found["apple"]["APPS"][0]["settings"]["certificate_key"] == "a key"


def test_a_process_can_look_again(undone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.settle()
    monkeypatch.setenv("GUILDRY_HOSTS", "later.example")

    found, secrets = runtime.look_again()

    assert found.values["site.hosts"] == ("later.example",)
    assert runtime.outside().values["site.hosts"] == ()
    assert set(secrets) == {"secret.key", "metrics.token"}


def test_every_boot_key_is_registered_and_is_what_its_name_says() -> None:
    declared: list[Any] = [points.RUNTIME_SETTINGS[setting.key] for setting in keys.KEYS]

    assert declared == list(keys.KEYS)
    assert not any(setting.is_runtime for setting in declared)
