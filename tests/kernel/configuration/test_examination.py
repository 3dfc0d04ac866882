"""Everything that is wrong with a configuration is told in one look, with its place and what to do, never a secret."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guildry.kernel.configuration import (
    Code,
    Examination,
    Layer,
    Outside,
    Rule,
    Setting,
    Source,
    dotenv,
    examine,
    toml,
)
from guildry.kernel.configuration.dotenv import Entry
from tests.kernel.configuration import mistakes
from tests.kernel.configuration.test_declaration import make_setting


def made(key: str, kind: type = str, default: Any = "", **further: Any) -> Setting:
    plain = {"unit": "", "minimum": None, "maximum": None, "section": "test"}
    variable = key.upper().replace(".", "_")
    return make_setting(key=key, kind=kind, default=default, variable=variable, **{**plain, **further})


SECRET = {"scope": "boot", "secret": True, "min_length": 32}
SETTINGS = (
    made("t.limit", int, 10, unit="a minute", minimum=1, maximum=600),
    made("t.least", int, 5, unit="a minute", minimum=1, maximum=600),
    made("t.switch", bool, False),
    made("t.share", float, 0.5, unit="of all", minimum=0.0, maximum=1.0),
    made(
        "t.wait", timedelta, timedelta(seconds=2), minimum=timedelta(milliseconds=200),
        maximum=timedelta(seconds=30), aliases=("T_OLD_WAIT", "T_OLDER_WAIT"),
    ),
    made("t.title"),
    made("t.mode", default="report", choices=("report", "enforce")),
    made("t.modes", tuple, (), choices=("report", "enforce")),
    made("t.origin", form="origin"),
    made("t.hosts", tuple, (), form="host"),
    made("t.email", form="email"),
    made("t.endpoint", form="endpoint"),
    made("t.code", pattern="[0-9]{3}"),
    made("t.even", int, 2, unit="things", check=lambda value: "is odd." if value % 2 else ""),
    made("t.secret", example="an-example-for-everybody-to-read-0123", **SECRET),
    made("t.other_secret", **SECRET),
    made("t.only_process", layers=frozenset({Layer.ENVIRONMENT})),
)  # fmt: skip
RULES = (
    Rule(
        "t.order", ("t.least", "t.limit"), lambda values: values["t.least"] <= values["t.limit"],
        "is above the limit.", "choose less",
    ),
)  # fmt: skip
ENVIRONMENT = {"A_SECRET": mistakes.CANARY * 2, "HOME": "/home/ada"}


def look_at(raw: str | bytes, layer: Layer = Layer.DOTENV, *, mode: int = 0o600) -> Examination:
    content = raw.encode() if isinstance(raw, str) else raw
    file = "guildry.toml" if layer == Layer.FILE else ".env"
    reading = toml.read(content, file) if layer == Layer.FILE else dotenv.read(content, file, ENVIRONMENT)
    source = Source(layer, file, tuple(reading.entries), tuple(reading.findings), mode)
    return examine(SETTINGS, Outside((source,), ENVIRONMENT), rules=RULES)


def told(found: Examination) -> str:
    return " ".join(f"{finding.line}:{finding.column} {finding.code}" for finding in found.findings)


@pytest.mark.parametrize(("raw", "expected"), mistakes.DOTENV)
def test_a_file_of_variables_is_told_exactly_what_is_wrong(raw: str | bytes, expected: str) -> None:
    assert told(look_at(raw)) == expected


@pytest.mark.parametrize(("raw", "expected"), mistakes.TOML)
def test_a_file_of_tables_is_told_exactly_what_is_wrong(raw: str | bytes, expected: str) -> None:
    assert told(look_at(raw, Layer.FILE)) == expected


def test_every_code_is_met_and_there_are_at_least_120_files() -> None:
    met = {word for _, expected in (*mistakes.DOTENV, *mistakes.TOML) for word in expected.split()}

    assert len(mistakes.DOTENV) + len(mistakes.TOML) >= 120
    assert {code for code in Code if code not in met} == {Code.MISSING, Code.FILE_MODE, Code.NOT_WRITABLE}


def test_every_code_says_what_it_means() -> None:
    assert len(Code) == 24
    assert all(code.meaning.endswith(".") for code in Code)
    assert [code for code in Code if code.is_advice] == [Code.OLD_NAME]


@pytest.mark.parametrize("line", mistakes.SECRETS)
def test_no_byte_of_a_secret_is_printed(line: str) -> None:
    found = look_at(line.format(canary=mistakes.CANARY))

    assert found.findings
    for finding in found.findings:
        said = str(finding)
        assert "c4n4ry" not in said.lower().replace("_", "-")
        assert "9f2e7a51" not in said.lower()


def test_a_finding_is_one_line_with_the_place_the_key_and_what_to_do() -> None:
    found = look_at("\nT_LIMIT=0\n")

    assert [str(finding) for finding in found.findings] == [
        ".env:2:9 T_LIMIT E13 is 0 a minute. -> choose from 1 to 600 a minute"
    ]
    assert found.findings[0].as_json() == {
        "file": ".env", "line": 2, "column": 9, "key": "T_LIMIT", "code": "E13",
        "message": "is 0 a minute.", "fix": "choose from 1 to 600 a minute",
    }  # fmt: skip


def test_a_misspelt_name_is_told_the_right_one() -> None:
    assert look_at("T_LIMITS=1").findings[0].fix == "did you mean T_LIMIT?"
    assert look_at("t.limits=1", Layer.FILE).findings[0].fix == "did you mean t.limit?"


def test_a_wrong_value_gives_way_and_the_default_holds() -> None:
    found = look_at("T_LIMIT=0\nT_TITLE=a\n")

    assert (found.values["t.limit"], found.values["t.title"]) == (10, "a")
    assert found.refusals == found.findings


def test_old_names_still_work() -> None:
    found = look_at("T_OLD_WAIT=3s")

    assert found.values["t.wait"] == timedelta(seconds=3)
    assert found.refusals == ()


def test_the_layer_that_wins_is_the_last_and_each_says_where_it_is_from() -> None:
    sources = (
        Source(Layer.FILE, "guildry.toml", (Entry("t.limit", "20", 3, 9, 1), Entry("t.least", "6", 4, 9, 1))),
        Source(Layer.DOTENV, ".env", (Entry("T_LIMIT", "30", 1, 9, 1),)),
        Source(Layer.ENVIRONMENT, "environment", (Entry("T_LIMIT", "40"),)),
    )

    found = examine(SETTINGS, Outside(sources), rules=RULES)

    assert (found.values["t.limit"], found.values["t.least"], found.values["t.even"]) == (40, 6, 2)
    assert {layer: (given.text, given.origin.source) for layer, given in found.given["t.limit"].items()} == {
        Layer.FILE: ("20", "guildry.toml:3"),
        Layer.DOTENV: ("30", ".env:1"),
        Layer.ENVIRONMENT: ("40", "T_LIMIT"),
    }
    assert [layer for layer in Layer if layer.pins] == [Layer.DOTENV, Layer.ENVIRONMENT]
    assert sorted(Layer, key=lambda layer: layer.rank)[-1] == Layer.OVERRIDE


def test_what_is_required_has_to_be_there() -> None:
    required = made("t.needed", required=True)

    missing = examine([required], Outside())
    early = examine([required], Outside(), is_complete=False)

    assert [str(finding) for finding in missing.findings] == [
        "environment:0:0 T_NEEDED E11 is required and not set. -> Attempts to sign in."
    ]
    assert early.findings == ()


def test_unknown_names_wait_until_every_key_is_declared() -> None:
    source = Source(Layer.DOTENV, ".env", (Entry("T_LATER", "1", 1, 9, 1),))

    assert examine(SETTINGS, Outside((source,)), is_complete=False).findings == ()


def test_a_rule_broken_by_defaults_is_told_without_a_place() -> None:
    rule = Rule("t.never", ("t.even",), lambda values: False, "never fits.", "give up")

    found = examine(SETTINGS, Outside(), rules=(rule,))

    assert [str(finding) for finding in found.findings] == [
        "environment:0:0 t.even E19 never fits. -> give up"
    ]


@pytest.mark.parametrize(
    ("line", "mode", "expected"),
    [
        (f"T_SECRET={mistakes.CANARY}-one", 0o644, "1:10 E21"),
        (f"T_SECRET={mistakes.CANARY}-one", 0o640, "1:10 E21"),
        (f"T_SECRET={mistakes.CANARY}-one", 0o600, ""),
        (f"T_SECRET={mistakes.CANARY}-one\nT_OTHER_SECRET={mistakes.CANARY}-two", 0o604, "1:10 E21"),
        ("T_SECRET=env:A_SECRET", 0o644, ""),
        ("T_TITLE=a", 0o644, ""),
    ],
)
def test_a_file_with_secrets_is_for_its_owner_alone(line: str, mode: int, expected: str) -> None:
    assert told(look_at(line, mode=mode)) == expected


def test_references_are_followed(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{mistakes.CANARY}-from-a-file\n")

    assert look_at(f"T_SECRET=file:{file}").values["t.secret"] == f"{mistakes.CANARY}-from-a-file"
    assert look_at(f"T_SECRET='cmd:cat {file}'").values["t.secret"] == f"{mistakes.CANARY}-from-a-file"
    assert look_at("T_SECRET=env:A_SECRET").values["t.secret"] == mistakes.CANARY * 2
    assert look_at(f"t.secret = 'file:{file}'", Layer.FILE).values["t.secret"].endswith("file")
    os.chmod(file, 0)


def test_values_may_be_put_together_from_others() -> None:
    found = look_at('T_CODE=123\nT_TITLE="${HOME}/${T_CODE}/\\$x"\n')

    assert found.values["t.title"] == "/home/ada/123/$x"
