"""The `guildry` command explains itself and refuses what it cannot do with an exit code of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guildry.config import __main__ as command


def guildry(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guildry.config", *words],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guildry.config.settings", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_lists_every_verb_with_what_it_does(tmp_path: Path) -> None:
    answer = guildry("--help", GUILDRY_DATA_DIR=str(tmp_path))

    assert answer.returncode == 0
    for verb in ("serve", "seed", "jobs", "facts", "health", "audit"):
        assert f"\n    {verb} " in answer.stdout


def test_a_wrong_setting_is_told_on_one_line(tmp_path: Path) -> None:
    answer = guildry("serve", GUILDRY_DATA_DIR=str(tmp_path), GUILDRY_ORIGIN="guild.example")

    assert answer.returncode == command.CONFIGURATION
    assert answer.stderr == "guildry: GUILDRY_ORIGIN takes an address such as https://guild.example.\n"


@pytest.mark.parametrize(
    ("words", "origin"),
    [
        (["serve", "--port", "8123"], "http://localhost:8123"),
        (["serve", "--port=8123"], "http://localhost:8123"),
        (["serve", "--port", "0"], None),
        (["serve"], None),
    ],
)
def test_links_lead_to_the_port_that_is_served(
    monkeypatch: pytest.MonkeyPatch, words: list[str], origin: str | None
) -> None:
    monkeypatch.delenv("GUILDRY_ORIGIN", raising=False)
    monkeypatch.setenv("GUILDRY_DATA_DIR", "elsewhere")

    command._choose_early([*words, "--data", "here"])

    assert os.environ.get("GUILDRY_ORIGIN") == origin
    assert os.environ["GUILDRY_DATA_DIR"] == "here"
    os.environ.pop("GUILDRY_ORIGIN", None)


def test_a_chosen_origin_wins_over_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDRY_ORIGIN", "https://guild.example")

    command._choose_early(["serve", "--port", "8123"])

    assert os.environ["GUILDRY_ORIGIN"] == "https://guild.example"
