"""Parts of the frame around every page: drawn once for a menu and a kind of reader, then only filled in."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template import engines
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from guildry.ui import addresses, portraits, scene, stencils
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
        if name in OWN and not self._values["viewer"].portrait:
            self.update(_own_of(_drawn_person(self._values["viewer"])))
            return self[name]
        value = self[name] = escape(PRINTED[name](self._values))
        return value


@dataclass(frozen=True)
class _Person:
    """All that the frame prints of a member, which has no uploaded portrait: such a one has an address that ends."""

    handle: str
    name: str
    headline: str
    short_name: str
    portrait: str = ""

    def get_short_name(self) -> str:
        return self.short_name


def _drawn_person(viewer: Any) -> _Person:
    return _Person(viewer.handle, viewer.name, viewer.headline, viewer.get_short_name())


@lru_cache(maxsize=4_000)
def _own_of(person: _Person) -> dict[str, Markup]:
    """Return what is the member's own in every frame: it changes only with what is printed of them."""
    return {name: escape(PRINTED[name]({"viewer": person})) for name in OWN}


def _home(values: Values) -> str:
    return addresses.page_of("profiles:profile", handle=values["viewer"].handle) or "/"


PRINTED: dict[str, Callable[[Values], str]] = {
    "nonce": lambda values: scene.current().nonce,
    "secret": lambda values: values["csrf_input"],
    "token": lambda values: values["csrf_token"],
    "seq": lambda values: str(values["request"].live_seq),
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
OWN = frozenset(("name", "short_name", "handle", "headline", "home", "small", "portrait", "large", "cover"))
_MARKS = Marks()


@pass_context
def frame_part(context: Context, template: str) -> Markup:
    """Return a part of the frame, made once for everybody who has the same menus and is of the same kind.

    It may use `nav`, `viewer` for whether and in which standing somebody is signed in, `kind`, and htmx. All that is
    the reader's own it takes from `me`, which it can print and nothing else.
    """
    kind = context["frame_kind"] if "frame_kind" in context else kind_of(context["viewer"])
    return Markup(_kept(template, context["nav"], kind).fill(_reader(context)))


def kind_of(viewer: Any) -> Kind | None:
    return Kind(tuple(viewer.hats), bool(viewer.headline)) if viewer else None


def _reader(context: Context) -> Reader:
    known = context.get("frame_reader")
    return known if known is not None else Reader(context)


def _environment() -> Any:
    engine: Any = engines["jinja2"]
    return engine.env


def kept_page(
    template: str, values: Values, shape: Mapping[str, Hashable], holes: Mapping[str, str]
) -> tuple[stencils.Form, Reader]:
    """Return a page as the form it was drawn to once for its shape, and what to fill in.

    The page may use what a part of the frame may, what is in `shape`, and of the holes it can only print each. A hole
    with nothing in it belongs to the shape, so a page may ask whether there is anything.
    """
    request, viewer = values["request"], values["viewer"]
    filled = {name: text for name, text in holes.items() if text}
    is_live = getattr(request, "live_seq", None) is not None
    fixed = {**shape, **{name: "" for name in holes if name not in filled}, "theme": values["theme"]}
    form = _kept_page(
        template, values["nav"], kind_of(viewer), tuple(fixed.items()), tuple(filled), is_live=is_live
    )
    reader = Reader(values)
    reader.update((name, Markup(text)) for name, text in filled.items())
    return form, reader


class _MarkReader(dict[str, Markup]):
    """Fills the parts inside a page that is being drawn with their own marks again."""

    def __missing__(self, name: str) -> Markup:
        return Markup(f"\x00{name}\x00")


@dataclass(frozen=True)
class _AnyRequest:
    """The request while a page is drawn for everybody."""

    live_seq: Markup | None
    path: Markup
    htmx: bool = False


@lru_cache(maxsize=1_000)
def _kept_page(
    template: str,
    nav: Navigation,
    kind: Kind | None,
    shape: tuple[tuple[str, Hashable], ...],
    holes: tuple[str, ...],
    *,
    is_live: bool,
) -> stencils.Form:
    marks = _MarkReader()
    values = {
        "nav": nav,
        "viewer": nav.viewer,
        "frame_kind": kind,
        "frame_reader": marks,
        "csrf_input": marks["secret"],
        "csrf_token": marks["token"],
        "csp_nonce": marks["nonce"],
        "request": _AnyRequest(marks["seq"] if is_live else None, marks["path"]),
        **dict(shape),
        **{name: marks[name] for name in holes},
    }
    with scene.with_nonce(marks["nonce"]):
        return stencils.Form(_environment().get_template(template).render(values))


@lru_cache(maxsize=1_000)
def _kept(template: str, nav: Navigation, kind: Kind | None) -> stencils.Form:
    values = {"nav": nav, "viewer": nav.viewer, "kind": kind, "me": _MARKS}
    with scene.with_nonce(_MARKS.nonce):
        return stencils.Form(_environment().get_template(template).render(values))
