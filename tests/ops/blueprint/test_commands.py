"""The verb `guildry schema`: drawings of every area, kept with the snapshot."""

import argparse
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from guildry.ops.blueprint import commands, queries
from guildry.ops.blueprint.commands import DRAWINGS, Exit

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def chosen(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return parser.parse_args(words)


def test_the_committed_drawings_are_those_of_the_snapshot() -> None:
    committed = {path.name: path.read_text() for path in (ROOT / DRAWINGS).glob("*.svg")}

    assert committed == commands.drawings(), "Run guildry schema diagrams."


def test_every_area_is_drawn_with_every_table_and_column() -> None:
    drawn = commands.drawings()

    for area in queries.areas():
        root = ElementTree.fromstring(drawn[f"{area.key}.svg"])
        names = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "name"]
        columns = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "col"]
        assert sorted(filter(None, names)) == [table.name for table in area.tables]
        assert len(columns) == sum(len(table.columns) for table in area.tables)


def test_a_drawing_has_both_themes_and_no_link() -> None:
    text = commands.drawings()["timeline.svg"]

    assert "prefers-color-scheme:dark" in text
    assert "<a " not in text


def test_drawings_go_where_they_are_wanted_and_old_ones_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drawings"
    folder.mkdir()
    (folder / "gone.svg").write_text("<svg/>")

    assert commands.schema(chosen("diagrams", "--to", str(folder))) == Exit.CLEAN

    assert not (folder / "gone.svg").exists()
    assert len(list(folder.glob("*.svg"))) == len(queries.areas())
    assert "areas are drawn" in capsys.readouterr().out


def test_a_folder_that_cannot_be_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")

    assert commands.schema(chosen("diagrams", "--to", str(tmp_path / "file"))) == Exit.FAILED
    assert "guildry schema:" in capsys.readouterr().err
