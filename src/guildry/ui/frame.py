"""Parts of the frame around every page: drawn once for a menu and a kind of reader, then only filled in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template import engines
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from guildry.ui import addresses, portraits, scene
from guildry.ui.menus import Navigation

Values = Any


@dataclass(frozen=True)
class Kind:
    """What makes the frame of one member differ from another's, besides their menus and what is only printed."""

    hats: tuple[str, ...]
    has_headline: bool


class Marks:
    """The reader while a part is drawn: whatever is asked of it leaves a mark to be filled in."""

    def __getattr__(self, name: str) -> Markup:
        if name not in PRINTED:
            raise AttributeError(name)
        return Markup(f"\x00{name}\x00")


class Reader(dict[str, Markup]):
    """What the frame prints for one reader, each worked out when a part first prints it."""

    def __init__(self, values: Values) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, name: str) -> Markup:
        value = self[name] = escape(PRINTED[name](self._values))
        return value


def _home(values: Values) -> str:
    return addresses.page_of("profiles:profile", handle=values["viewer"].handle) or "/"


PRINTED: dict[str, Callable[[Values], str]] = {
    "nonce": lambda values: scene.current().nonce,
    "secret": lambda values: values["csrf_input"],
    "path": lambda values: values["request"].path,
    "name": lambda values: values["viewer"].name,
    "short_name": lambda values: values["viewer"].get_short_name(),
    "handle": lambda values: values["viewer"].handle,
    "headline": lambda values: values["viewer"].headline,
    "home": _home,
    "small": lambda values: portraits.avatar(values["viewer"], "sm"),
    "portrait": lambda values: portraits.avatar(values["viewer"]),
    "large": lambda values: portraits.avatar(values["viewer"], "xl"),
    "cover": lambda values: portraits.cover(values["viewer"]),
}
_MARKS = Marks()
_MARK = re.compile("\x00([a-z_]+)\x00")


@pass_context
def frame_part(context: Context, template: str) -> Markup:
    """Return a part of the frame, made once for everybody who has the same menus and is of the same kind.

    It may use `nav`, `viewer` for whether and in which standing somebody is signed in, `kind`, and htmx. All that is
    the reader's own it takes from `me`, which it can print and nothing else.
    """
    viewer = context["viewer"]
    kind = Kind(tuple(viewer.hats), bool(viewer.headline)) if viewer else None
    return Markup(_kept(template, context["nav"], kind) % _reader(context))


def _reader(context: Context) -> Reader:
    known = context.get("frame_reader")
    return known if known is not None else Reader(context)


def _environment() -> Any:
    engine: Any = engines["jinja2"]
    return engine.env


@lru_cache(maxsize=1_000)
def _kept(template: str, nav: Navigation, kind: Kind | None) -> str:
    values = {"nav": nav, "viewer": nav.viewer, "kind": kind, "me": _MARKS}
    with scene.with_nonce(_MARKS.nonce):
        drawn = _environment().get_template(template).render(values)
    return _MARK.sub(r"%(\1)s", drawn.replace("%", "%%"))
