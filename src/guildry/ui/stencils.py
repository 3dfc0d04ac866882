"""Parts that a page shows twenty times: drawn once with marks where words and numbers go, then only filled in."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from jinja2.runtime import Macro
from markupsafe import Markup, _escape_inner, escape


class Form:
    """Text with marks in it, which are put between NUL characters, taken apart once and joined with what goes there.

    What fills it is a sequence or a mapping of text ready to be printed, by what stands in the marks.
    """

    __slots__ = ("_pick", "_pieces")

    def __init__(self, text: str, *, by: Callable[[str], Any] = str) -> None:
        self._pieces: list[str] = text.split("\x00")
        self._pick = _picker(list(map(by, self._pieces[1::2])))

    def fill(self, ready: Any) -> str:
        pieces = self._pieces.copy()
        pieces[1::2] = self._pick(ready)
        return "".join(pieces)


def _picker(keys: list[Any]) -> Callable[[Any], tuple[str, ...]]:
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda ready: tuple(ready[key] for key in keys)


def _itself(value: Any) -> Any:
    return value


# Text is escaped, markup and what is only printed as a number are ready.
_READY: dict[type, Callable[[Any], Any]] = {str: _escape_inner, Markup: _itself, int: str}
_drawn: dict[tuple[Any, ...], Form] = {}
_MOST = 2_000


def fill(macro: Macro, shape: tuple[Any, ...], values: tuple[Any, ...]) -> Markup:
    """Return what `macro(*shape, *values)` draws, which must print the values as they are and ask nothing of them."""
    ready = [_READY.get(type(value), escape)(value) for value in values]
    return Markup(form_of(macro, shape, len(values)).fill(ready))


def form_of(macro: Macro, shape: tuple[Any, ...], count: int) -> Form:
    """Return what `macro(*shape, …)` draws, to be filled with text that is ready in the place of `count` values."""
    return _drawn.get((macro, shape)) or _draw(macro, shape, count)


def _draw(macro: Macro, shape: tuple[Any, ...], count: int) -> Form:
    marks = [Markup(f"\x00{place}\x00") for place in range(count)]
    form = Form(str(macro(*shape, *marks)), by=int)
    if len(_drawn) < _MOST:
        _drawn[macro, shape] = form
    return form
