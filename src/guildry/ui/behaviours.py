"""Declarative htmx: attributes printed with the nonce that lets them act."""

import json
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from guildry.ui import scene


class UnsafeBehaviour(ValueError):
    """The attribute would need code to be evaluated, which the policy forbids."""


def hx(**attributes: Any) -> Markup:
    """Return htmx attributes, `get=` as hx-get=, with the page's nonce; raises UnsafeBehaviour."""
    nonce = escape(scene.current().nonce)
    # Values that are equal are not always printed alike: markup and text, or a truth and a number.
    given = tuple((name, value, type(value)) for name, value in attributes.items())
    try:
        declared = _printed(given)
    except TypeError:
        # A mapping or a list cannot be looked up.
        declared = _printed.__wrapped__(given)
    return Markup(f'hx-nonce="{nonce}"{declared}')


@lru_cache(maxsize=1_000)
def _printed(attributes: tuple[tuple[str, Any, type], ...]) -> str:
    return "".join(
        f' hx-{name.strip("_").replace("_", "-")}="{escape(_declared(name, value))}"'
        for name, value, _ in attributes
    )


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
