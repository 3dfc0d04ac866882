"""`guildry contracts emit|diff|release`: what they print, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest

from guildry.config.__main__ import _parser
from guildry.ops.contracts import queries

BREAKING, DRIFT, USAGE = 3, 4, 64


def run(*words: str) -> int:
    chosen = _parser().parse_args(["contracts", *words])
    return int(chosen.run(chosen))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    assert run("emit", "--out", str(tmp_path), "--note", "The first.") == 0
    return tmp_path


def changed(folder: Path, **changes: Any) -> Path:
    """Return a file with our set, changed."""
    path = folder / "changed.json"
    path.write_text(json.dumps({**queries.program_set(), **changes}))
    return path


def without_first_operation() -> dict[str, Any]:
    openapi = dict(queries.documents()["openapi"])
    return {**openapi, "paths": dict(list(openapi["paths"].items())[1:])}


def test_emit_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("emit", "--out", str(tmp_path), "--note", "The first.") == 0

    lines = capsys.readouterr().out.splitlines()
    assert "openapi.json" in lines
    assert lines[-1].endswith(queries.manifest()["hash"])


def test_emit_without_a_note_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("emit", "--out", str(tmp_path)) == DRIFT

    assert "--note" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_check_names_what_is_behind(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("emit", "--out", str(written), "--check") == 0
    (written / "asyncapi.json").write_text("{}")
    capsys.readouterr()

    assert run("emit", "--out", str(written), "--check") == DRIFT
    assert capsys.readouterr().out == "not current: asyncapi.json\n"


def test_a_breaking_change_without_a_new_version_ends_with_3(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed(written, openapi=without_first_operation())

    assert run("diff", str(written), str(new)) == BREAKING

    out = capsys.readouterr().out
    assert "R01" in out
    assert "raise the version" in out


def test_a_breaking_change_with_a_new_version_is_announced(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed(written, openapi=without_first_operation(), version="0.2.0")

    assert run("diff", str(written), str(new), "--format", "json") == 0

    report = json.loads(capsys.readouterr().out)
    assert (report["old"], report["new"], report["is_announced"]) == ("0.1.0", "0.2.0", True)
    assert "breaking-request" in report["counts"]


def test_an_addition_breaks_nobody(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = changed(written, openapi=without_first_operation())

    assert run("diff", str(old), str(written), "--format", "markdown") == 0
    assert "## safe" in capsys.readouterr().out


def test_no_difference_is_said(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", str(written), "program") == 0
    assert capsys.readouterr().out == "0.1.0 to 0.1.0: no difference.\n"


def test_programs_get_sarif(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = changed(written, openapi=without_first_operation())

    assert run("diff", str(written), str(new), "--format", "sarif") == BREAKING
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"


def test_a_place_without_contracts_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", str(tmp_path), "program") == USAGE
    assert "no set of contracts" in capsys.readouterr().err


def test_release_keeps_a_version_once(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("release", "--out", str(written)) == 0
    kept = written / "released" / "0.1.0.json"
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "hash": "0" * 64}))

    assert run("release", "--out", str(written)) == DRIFT
    assert "Raise the version" in capsys.readouterr().err


def test_the_last_release_is_what_is_compared_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff") == 0
    assert capsys.readouterr().out.startswith("0.1.0 to ")
