"""The same call in Python and TypeScript, through the clients that are made from the document."""

import json
import re
from typing import Any

from django.conf import settings

_PYTHON_WORDS = {"true": "True", "false": "False", "null": "None"}
_LITERAL = re.compile(r'"(?:\\.|[^"\\])*"|\b(?:true|false|null)\b')


def python(
    operation_id: str, parts: list[Any], body: Any, *, is_form: bool, is_known: bool, is_versioned: bool
) -> str:
    """Return a call with the Python client."""
    given = [json.dumps(part) for part in parts]
    if body is not None:
        given.append(_python_value(_without_files(body) if is_form else body))
    if is_form:
        given += [f'files={{"{name}": ("bridge.jpg", content)}}' for name in _files(body)]
    if is_versioned:
        given.append("version=guildry.etag")
    token = ", token" if is_known else ""
    return (
        "from guildry_client import Guildry\n\n"
        f'guildry = Guildry("{settings.ORIGIN}"{token})\n'
        f"answer = guildry.{operation_id}({', '.join(given)})"
    )


def typescript(
    operation_id: str, parts: list[Any], body: Any, *, is_form: bool, is_known: bool, is_versioned: bool
) -> str:
    """Return a call with the TypeScript client."""
    given = [json.dumps(part) for part in parts]
    if body is not None:
        given.append("form" if is_form else json.dumps(body, indent=2, ensure_ascii=False))
    if is_versioned:
        given.append("guildry.etag")
    first, *rest = operation_id.split("_")
    name = first + "".join(word.capitalize() for word in rest)
    token = ", { token }" if is_known else ""
    lines = [
        'import { Guildry } from "./guildry.js";',
        "",
        f'const guildry = new Guildry("{settings.ORIGIN}"{token});',
    ]
    if is_form:
        lines.append("const form = new FormData();")
        lines += [
            f'form.append("{field}", {"file" if value == "(the file)" else json.dumps(value)});'
            for field, value in body.items()
            if value != ""
        ]
    return "\n".join([*lines, f"const answer = await guildry.{name}({', '.join(given)});"])


def _python_value(value: Any) -> str:
    """Write a value as Python does: as JSON, but for three words that stand outside texts."""
    text = json.dumps(value, indent=4, ensure_ascii=False)
    return _LITERAL.sub(lambda found: _PYTHON_WORDS.get(found.group(), found.group()), text)


def _without_files(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in ("(the file)", "")}


def _files(body: dict[str, Any]) -> list[str]:
    return [name for name, value in body.items() if value == "(the file)"]
