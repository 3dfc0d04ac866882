"""Declarative htmx: attributes printed with the nonce that lets them act."""

import json
from typing import Any

from markupsafe import Markup, escape

from guildry.ui import scene


class UnsafeBehaviour(ValueError):
    """The attribute would need code to be evaluated, which the policy forbids."""


def hx(**attributes: Any) -> Markup:
    """Return htmx attributes, `get=` as hx-get=, with the page's nonce; raises UnsafeBehaviour."""
    printed = [f'hx-nonce="{escape(scene.current().nonce)}"']
    for name, value in attributes.items():
        printed.append(f'hx-{name.strip("_").replace("_", "-")}="{escape(_declared(name, value))}"')
    return Markup(" ".join(printed))


def _declared(name: str, value: Any) -> str:
    text = json.dumps(value) if isinstance(value, dict | list | bool) else _text(value)
    if name.startswith("on") or text.lstrip().lower().startswith(("js:", "javascript:")):
        raise UnsafeBehaviour(f"hx-{name} would evaluate code: {text!r}.")
    if name == "trigger" and "[" in text:
        raise UnsafeBehaviour(f"A filter in a trigger would evaluate code: {text!r}.")
    return text


def _text(value: Any) -> str:
    """Return text as it is, so that markup stays markup and is not escaped once more."""
    return value if isinstance(value, str) else str(value)
