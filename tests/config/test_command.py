"""The `guildry` command explains itself and refuses what it cannot do with an exit code of its own."""

import json
import os
import re
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


WRONG = {"GUILDRY_ORIGIN": "guild.example", "GUILDRY_DEBUGG": "1"}


def test_wrong_settings_are_told_on_one_line_each(tmp_path: Path) -> None:
    answer = guildry("serve", GUILDRY_DATA_DIR=str(tmp_path / "data"), **WRONG)

    assert answer.returncode == command.CONFIGURATION
    assert answer.stderr.splitlines() == [
        "guildry: 2 settings need another look; nothing was started.",
        "environment:0:0 GUILDRY_DEBUGG E09 is the name of no key. -> did you mean GUILDRY_DEBUG?",
        "environment:0:0 GUILDRY_ORIGIN E15 takes an address such as https://guild.example, not 'guild.example'. "
        "-> for example https://guild.example",
    ]
    assert not (tmp_path / "data" / "secret_key").exists()


def test_programs_are_told_what_is_wrong_as_json(tmp_path: Path) -> None:
    answer = guildry("config", "check", "--json", GUILDRY_DATA_DIR=str(tmp_path / "data"), **WRONG)

    assert answer.returncode == command.CONFIGURATION
    assert [finding["code"] for finding in json.loads(answer.stdout)["findings"]] == ["E09", "E15"]


def test_files_can_be_named_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.env").write_text("GUILDRY_DEBUG=maybe\n")

    answer = guildry(
        "config", "check", "--env-file", str(tmp_path / "mine.env"), GUILDRY_DATA_DIR=str(tmp_path)
    )

    assert answer.stderr.splitlines()[1].startswith(f"{tmp_path}/mine.env:1:15 GUILDRY_DEBUG E12 ")


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


def test_the_template_is_a_file_that_can_be_used_commented_or_not(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    text = guildry("config", "template", GUILDRY_DATA_DIR=data).stdout
    live = re.sub(
        r"(?m)^# (GUILDRY_(?:RETENTION|TIMELINE|NETWORK|FILES_UP|REGISTRATION|MAIL_FROM)\w*=)", r"\1", text
    )
    (tmp_path / "one.env").write_text(text)
    (tmp_path / "two.env").write_text(live)

    answers = [
        guildry("config", "check", "--env-file", str(tmp_path / name), GUILDRY_DATA_DIR=data)
        for name in ("one.env", "two.env")
    ]

    assert live.count("\nGUILDRY_") > 10
    assert [(answer.returncode, answer.stderr) for answer in answers] == [(0, ""), (0, "")]
