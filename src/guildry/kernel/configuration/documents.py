"""What is written from the declarations: the .env to begin with, the reference, and a JSON Schema."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from guildry.kernel.configuration import kinds
from guildry.kernel.configuration.declaration import Setting


def template(settings: Iterable[Setting]) -> str:
    """Return a .env that names every variable and sets only what is required, so that it can be used as it is."""
    lines = ["# Every line that begins with # shows what holds unless it is set.", ""]
    for section, group in groupby(_ordered(settings), key=_section_of):
        lines += [f"# {_title(section)}", ""]
        for setting in group:
            lines += [f"# {setting.doc} {_takes(setting)}".rstrip(), _line(setting), ""]
    return "\n".join(lines)


def reference(settings: Iterable[Setting]) -> str:
    """Return the reference of every key in Markdown."""
    lines = ["# Configuration", "", "Written by `guildry config reference` from the declarations.", ""]
    for section, group in groupby(_ordered(settings), key=_section_of):
        lines += [
            f"## {_title(section)}",
            "",
            "| Key | Variable | Default | Changes | What it is |",
            "|---|---|---|---|---|",
        ]
        for setting in group:
            changes = {"low": "live", "confirm": "live, with care", "two-person": "live, two people"}
            when = changes[setting.risk] if setting.is_runtime else "at the start"
            default = f"`{kinds.render(setting, setting.default)}`" if setting.default != "" else ""
            said = f"{setting.doc} {_takes(setting)}".rstrip().replace("|", "\\|")
            cells = (f"`{setting.key}`", f"`{setting.variable}`", default, when, said)
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def schema(settings: Iterable[Setting]) -> dict[str, Any]:
    """Return the JSON Schema of guildry.toml, read as a tree of tables."""
    root: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "guildry.toml",
        **_table(),
    }
    for setting in _ordered(settings):
        if setting.secret:
            continue
        *tables, name = setting.key.split(".")
        place = root
        for table in tables:
            place = place["properties"].setdefault(table, _table())
        place["properties"][name] = _schema_of(setting)
    return root


def _table() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _schema_of(setting: Setting) -> dict[str, Any]:
    found = {**kinds.KINDS[setting.kind].schema, "description": setting.doc}
    found["default"] = kinds.plain(setting, setting.default)
    if setting.kind in (int, float):
        bounds = (("minimum", setting.minimum), ("maximum", setting.maximum))
        found |= {name: bound for name, bound in bounds if bound is not None}
    if setting.choices:
        found["enum"] = list(setting.choices)
    return found


def _line(setting: Setting) -> str:
    if setting.secret:
        return f"# {setting.variable}="
    text = setting.example if setting.default in ("", ()) else kinds.render(setting, setting.default)
    return f"# {setting.variable}={_quoted(text)}"


def _quoted(text: str) -> str:
    """Return a value as a .env takes it: in quotes where a space or another sign could be read in two ways."""
    return f"'{text}'" if re.search(r"[\s#\"\\$]", text) else text


def _takes(setting: Setting) -> str:
    takes = "" if setting.secret or setting.kind is bool else kinds.bounds(setting)
    return f"{takes[:1].upper()}{takes[1:]}." if takes else ""


def _ordered(settings: Iterable[Setting]) -> list[Setting]:
    return sorted(settings, key=lambda setting: (setting.section, setting.key))


def _section_of(setting: Setting) -> str:
    return setting.section


def _title(section: str) -> str:
    return section.replace("-", " ").capitalize()
