"""The verb `guildry schema`: the committed snapshot, where a database drifted from it, and the drawings of it."""

import argparse
import json
import sys
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path

from django.db import DatabaseError
from django.template.loader import render_to_string

from guildry.ops.blueprint import queries
from guildry.ops.blueprint.rules import Heat
from guildry.platform.upgrades.queries import drifting, snapshots
from guildry.ui import tokens


class Exit(IntEnum):
    """What `guildry schema` ends with."""

    CLEAN = 0
    FAILED = 1
    DRIFT = 4


# Where a checkout keeps them; an installed program has no such folder and is told another one.
DRAWINGS = Path("docs/schema")
COLOURS = {
    "surface": "surface", "canvas": "canvas", "border": "border", "text": "text", "muted": "text-3", "brand": "brand-text",
    Heat.COLD: "border-strong", Heat.PERSONAL: "brand", Heat.PRIVATE: "warning", Heat.SECRET: "danger",
}  # fmt: skip
RULES = (
    ".page{{fill:{canvas}}}.box{{fill:{surface};stroke:{border}}}.rule{{fill:none;stroke:{border}}}.name{{fill:{text};font-weight:600}}"
    ".col{{fill:{text}}}.kind{{fill:{muted}}}.far{{fill:{brand}}}.wire{{fill:none;stroke:{muted};stroke-width:1.25;stroke-opacity:.55}}"
    ".heat-cold{{fill:{cold}}}.heat-personal{{fill:{personal}}}.heat-private{{fill:{private}}}.heat-secret{{fill:{secret}}}"
)
TYPE = "text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}.name{font-size:13px}.kind,.far{font-size:11px}"


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="VERB", required=True)
    snapshot = verbs.add_parser(
        "snapshot", help="print the schema of this release; ends with 4 where another one is committed"
    )
    snapshot.add_argument(
        "--write", action="store_true", help="commit it: write it beside the code, and the drawings"
    )
    drift = verbs.add_parser(
        "drift", help="say where the tables differ, and print the statements that mend it"
    )
    drift.add_argument("--json", action="store_true", help="print one JSON object")
    diagrams = verbs.add_parser("diagrams", help="draw the tables of each area as SVG")
    diagrams.add_argument("--to", type=Path, default=DRAWINGS, metavar="DIR", help=f"default {DRAWINGS}")
    for verb in (snapshot, drift, diagrams):
        verb.add_argument("--data", metavar="DIR", help="folder of database, uploads and keys (default data)")


def schema(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    verbs = {"snapshot": _snapshot, "drift": _drift, "diagrams": _diagrams}
    try:
        return verbs[chosen.what](chosen)
    except (DatabaseError, OSError) as error:
        sys.stderr.write(f"guildry schema: {error}\n")
        return Exit.FAILED


def _snapshot(chosen: argparse.Namespace) -> int:
    text = snapshots.document()
    is_committed = snapshots.COMMITTED.exists() and snapshots.COMMITTED.read_text() == text
    if chosen.write:
        snapshots.commit(text)
        queries.areas.cache_clear()
        if DRAWINGS.is_dir():
            _write(DRAWINGS)
        _say("Nothing changed." if is_committed else "The snapshot is that of the models now.")
        return Exit.CLEAN
    sys.stdout.write(text)
    return Exit.CLEAN if is_committed else Exit.DRIFT


def _drift(chosen: argparse.Namespace) -> int:
    found = drifting.mended()
    if chosen.json:
        _say(json.dumps(asdict(found), indent=2))
    else:
        for difference in found.differences:
            _say(f"-- {difference}")
        for statement in found.statements:
            _say(statement if statement.endswith(";") or statement.startswith("--") else f"{statement};")
        if not found.differences:
            _say("The tables are as this release wants them.")
    return Exit.DRIFT if found.differences else Exit.CLEAN


def _diagrams(chosen: argparse.Namespace) -> int:
    chosen.to.mkdir(parents=True, exist_ok=True)
    _say(f"{_write(chosen.to)} areas are drawn in {chosen.to}.")
    return Exit.CLEAN


def _write(folder: Path) -> int:
    """Draw every area, and take away drawings of areas that are no more."""
    found = drawings()
    for path in folder.glob("*.svg"):
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (folder / name).write_text(text)
    return len(found)


def drawings() -> dict[str, str]:
    """Return the drawing of each area as a document of its own, by the name of its file."""
    style = TYPE + _colours("light") + "@media(prefers-color-scheme:dark){" + _colours("dark") + "}"
    found = {}
    for area in queries.areas():
        context = {"area": area, "drawing": queries.drawing_of(area), "style": style, "is_alone": True}
        found[f"{area.key}.svg"] = render_to_string("blueprint/drawing.svg", context).strip() + "\n"
    return found


def _colours(theme: str) -> str:
    values = tokens.themes()[theme]
    colours = {}
    for name, token in COLOURS.items():
        lightness, chroma, hue = values[f"color-{token}"].components
        colours[str(name)] = f"oklch({lightness:g} {chroma:g} {hue:g})"
    return RULES.format(**colours)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
