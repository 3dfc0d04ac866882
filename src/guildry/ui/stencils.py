"""Parts that a page shows twenty times: drawn once with marks where numbers and addresses go, then only filled in."""

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

_drawn: dict[tuple[Any, ...], str] = {}
_MOST = 2_000
_MARK = re.compile("\x00([a-z_]+)\x00")


def fill(macro: Callable[..., Markup], shape: tuple[Any, ...], **values: Any) -> Markup:
    """Return what `macro(*shape, **values)` draws, which must print the values as they are and ask nothing of them.

    The values are numbers, addresses and markup of ours, never what somebody wrote: nothing escapes them.
    """
    key = (macro, *shape)
    form = _drawn.get(key)
    if form is None:
        text = str(macro(*shape, **{name: Markup(f"\x00{name}\x00") for name in values}))  # noqa: S704 - marks
        form = _MARK.sub(r"%(\1)s", text.replace("%", "%%"))
        if len(_drawn) < _MOST:
            _drawn[key] = form
    return Markup(form % values)  # noqa: S704 - drawn by a template, filled with our own values
