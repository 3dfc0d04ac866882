"""The verb `guildry config`: explains, reads, changes and takes back, for people and for programs."""

import argparse
import json
from typing import Any

import pytest

from guildry.kernel.configuration import Layer, documents
from guildry.platform.runtime import commands, queries
from guildry.platform.runtime.models import ChangeSet, Override
from tests.factories.runtime import LIMIT, POLICY, SETTINGS, TITLE

pytestmark = pytest.mark.django_db
Capture = pytest.CaptureFixture[str]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.config_arguments(parser)
    return commands.config(parser.parse_args(words))


def told(capsys: Capture, *words: str) -> Any:
    assert run(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_value_is_stored_read_explained_and_told(capsys: Capture) -> None:
    assert run("set", f"{LIMIT}=20", f"{TITLE}=Other", "--reason", "It was asked for.") == 0
    assert capsys.readouterr().out == "v1 is in force.\n"

    assert told(capsys, "get", LIMIT) == {"key": LIMIT, "value": 20}
    explained = told(capsys, "explain", LIMIT)
    assert [layer["layer"] for layer in explained["layers"]] == [Layer.STORE, Layer.DEFAULT]
    assert told(capsys, "diff")["changed"][LIMIT] == {"value": "20 a minute", "layer": "store"}
    (row,) = told(capsys, "history", "--key", TITLE)["sets"]
    assert (row["version"], row["channel"], row["actor"]) == (1, "command", None)


def test_everything_is_said_in_lines_too(capsys: Capture) -> None:
    for words in (["diff"], ["history"], ["get", LIMIT], ["explain", LIMIT], ["get", "secret.key"]):
        assert run(*words) == 0

    assert capsys.readouterr().out.splitlines() == [
        "Everything is as delivered.",
        "Nothing was changed yet.",
        "10",
        f"{LIMIT}  10 a minute",
        "How many.",
        "  default",
        "Given",
    ]


def test_a_dry_run_changes_nothing(capsys: Capture) -> None:
    assert run("set", f"{LIMIT}=20", f"{POLICY}=enforce", "--dry-run") == 0

    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"{LIMIT}  Not stored -> 20 a minute",
        f"{POLICY}  Not stored -> enforce",
        "Somebody else has to approve it.",
    ]
    assert run("set", f"{LIMIT}=0", "--dry-run") == commands.REFUSED
    assert not ChangeSet.objects.exists()


def test_a_risky_value_waits_for_the_console(capsys: Capture) -> None:
    assert run("set", f"{POLICY}=enforce", "--reason", "Now.") == 0

    assert capsys.readouterr().out == f"#{ChangeSet.objects.get().pk} waits for approval in the console.\n"


def test_an_earlier_version_comes_back(capsys: Capture) -> None:
    run("set", f"{LIMIT}=20", "--reason", "x")
    run("set", f"{LIMIT}=", "--reason", "x")
    capsys.readouterr()

    assert told(capsys, "diff", "1")["changes"] == {LIMIT: {"before": None, "after": "20"}}
    assert run("rollback", "1", "--dry-run") == 0
    assert run("rollback", "2", "--dry-run") == 0
    assert capsys.readouterr().out.endswith("Nothing would change.\n")
    assert run("rollback", "1", "--reason", "It was right.") == 0
    assert queries.explain(LIMIT).stored == "20"


def test_an_override_lasts_as_long_as_it_says(capsys: Capture) -> None:
    answer = told(capsys, "override", LIMIT, "50", "--lifetime", "5m", "--reason", "A flood.")

    assert (answer["key"], answer["text"]) == (LIMIT, "50")
    assert Override.objects.get().pk == answer["id"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["set", LIMIT, "--reason", "x"], commands.USAGE),
        (["override", LIMIT, "50", "--lifetime", "long", "--reason", "x"], commands.USAGE),
        (["override", LIMIT, "50", "--lifetime", "9", "--reason", "x"], commands.USAGE),
        (["override", LIMIT, "50"], commands.REFUSED),
        (["set", f"{LIMIT}=20"], commands.REFUSED),
        (["get", "no.such"], commands.REFUSED),
        (["rollback", "9", "--reason", "x"], commands.REFUSED),
    ],
)
def test_what_cannot_be_done_is_said_with_a_code(words: list[str], code: int, capsys: Capture) -> None:
    assert run(*words) == code
    assert capsys.readouterr().err.startswith("guildry: ")


def test_documents_name_every_key(capsys: Capture) -> None:
    for what in ("template", "reference", "schema"):
        assert run(what) == 0

    said = capsys.readouterr().out
    assert all(setting.variable in said for setting in SETTINGS)
    schema = documents.schema(SETTINGS)["properties"]
    assert schema["test"]["properties"]["limit"]["maximum"] == 600
    assert schema["test"]["properties"]["policy"]["enum"] == ["report", "enforce"]
    assert "secret" not in schema
