"""Parts that a page shows twenty times: drawn once with marks where words and numbers go, then only filled in."""

import re
from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any

from jinja2.runtime import Macro
from markupsafe import Markup, _escape_inner, escape


def _itself(value: Any) -> Any:
    return value


# Markup and numbers print as they are; `str.format` and `%` make text of them only once.
_READY: dict[type, Callable[[Any], Any]] = {str: _escape_inner, Markup: _itself, int: _itself}
_drawn: dict[tuple[Any, ...], tuple[str, Callable[[Any], Any]]] = {}
_MOST = 2_000
_MARK = re.compile("\x00([0-9]+)\x00")


def fill(macro: Macro, shape: tuple[Any, ...], values: tuple[Any, ...]) -> Markup:
    """Return what `macro(*shape, *values)` draws, which must print the values as they are and ask nothing of them."""
    key = (macro, shape)
    form, pick = _drawn.get(key) or _draw(key, len(values))
    ready = [_READY.get(type(value), escape)(value) for value in values]
    return Markup(form % pick(ready))


def _draw(key: tuple[Any, ...], count: int) -> tuple[str, Callable[[Any], Any]]:
    macro, shape = key
    marks = [Markup(f"\x00{place}\x00") for place in range(count)]
    text = str(macro(*shape, *marks)).replace("%", "%%")
    places = [int(place) for place in _MARK.findall(text)]
    drawn = _MARK.sub("%s", text), (itemgetter(*places) if len(places) > 1 else lambda ready: tuple(ready))
    if len(_drawn) < _MOST:
        _drawn[key] = drawn
    return drawn


# What a template reads of one thing at once, as a tuple.
attributes = attrgetter
