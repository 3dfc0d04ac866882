"""The reader of `guildry.toml`: dotted keys in tables, with the place of each."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from guildry.kernel.configuration.codes import Code
from guildry.kernel.configuration.dotenv import Entry, Reading
from guildry.kernel.configuration.findings import NAMELESS, Finding

_PLACE = re.compile(r"\s*\(at line (\d+), column (\d+)\)")
_TABLE = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?$")
_KEY = re.compile(r"(\s*)([\w.\"' -]+?)(\s*=\s*)")
_MISTAKES = (
    ("overwrite", Code.TWICE),
    ("Unterminated", Code.OPEN_QUOTE),
    ("Illegal character '\\n'", Code.OPEN_QUOTE),
    ('Expected "\'"', Code.OPEN_QUOTE),
    ("declare", Code.TWICE),
    ("", Code.NO_EQUALS),
)


def read(raw: bytes, file: str) -> Reading:
    """Return the keys of a file with their values as texts, and what is wrong with it."""
    try:
        text = raw.decode("utf-8")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        finding = Finding(
            file, line, 1, NAMELESS, Code.BAD_BYTES, "is not UTF-8 here.", "save the file as UTF-8"
        )
        return Reading(findings=[finding])
    except tomllib.TOMLDecodeError as error:
        return Reading(findings=[_mistake(str(error), raw, file)])
    places = dict(_places(text))
    reading = Reading()
    for key, value in _flat(tables):
        line, name_column, column = places.get(key, (0, 0, 0))
        if (written := _text_of(value)) is None:
            reading.findings.append(
                Finding(
                    file,
                    line,
                    column,
                    key,
                    Code.TYPE,
                    "takes no value of this type.",
                    "write true, false, a number, a text in quotes, or a list of texts",
                )
            )
        else:
            reading.entries.append(Entry(key, written, line, column, name_column))
    return reading


def _mistake(message: str, raw: bytes, file: str) -> Finding:
    found = _PLACE.search(message)
    lines = raw.count(b"\n") + 1
    line, column = (int(found[1]), int(found[2])) if found else (lines, 1)
    code = next(code for word, code in _MISTAKES if word in message)
    return Finding(
        file, line, column, NAMELESS, code, "is not TOML here.", "see toml.io for how it is written"
    )


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _text_of(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return f"{value}"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) and "," not in part for part in value):
        return ",".join(value)
    return None


def _places(text: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Yield the line, the column of the name and the column of the value of every key."""
    table, seen = "", set()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _TABLE.match(line):
            table = f"{_bare(found[1])}."
        elif found := _KEY.match(line):
            key = f"{table}{_bare(found[2])}"
            if key not in seen:
                seen.add(key)
                yield key, (number, len(found[1]) + 1, len(found[0]) + 1)


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
