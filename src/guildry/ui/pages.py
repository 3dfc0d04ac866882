"""Rendering a page, or one named block of it."""

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from jinja2 import Environment, Template
from jinja2.runtime import Context
from markupsafe import Markup, escape

from guildry.kernel.permissions import viewer_of
from guildry.ui import scene
from guildry.ui.frame import Reader, kept_page
from guildry.ui.menus import navigation_for
from guildry.ui.proofs import proof_for

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest, viewer: Any) -> str:
    """Return light, dark, or nothing for what the system prefers; the cookie wins over the account."""
    chosen = request.COOKIES.get(THEME_COOKIE, getattr(viewer, "theme", ""))
    return chosen if chosen in THEMES else ""


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the frames show around every page, whoever renders it."""
    viewer = viewer_of(request)
    return {
        "viewer": viewer,
        "csp_nonce": scene.set_for(request, viewer).nonce,
        "theme": theme_of(request, viewer),
        "nav": navigation_for(viewer, request.path),
    }


def _engine() -> Any:
    return engines["jinja2"]


class Once:
    """Text made when it is first printed, and the same wherever else its page prints it."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make

    @cached_property
    def _text(self) -> str:
        return str(escape(self._make()))

    def __html__(self) -> str:
        return self._text

    __str__ = __html__


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page, or with one named block of it for htmx to put in place."""
    return HttpResponse(markup(request, template, context, block), status=status)


def render_kept(
    request: HttpRequest, template: str, *, shape: Mapping[str, Hashable], holes: Mapping[str, str]
) -> HttpResponse:
    """Answer with a page that differs between readers of one kind only by its frame and by what stands in its holes.

    It is drawn once for each shape, and then only filled in: `frame.kept_page` says what it may use.
    """
    values = _values(request)
    if len(values["messages"]):
        return render(request, template, {**shape, **{name: Markup(text) for name, text in holes.items()}})
    form, reader = kept_page(template, values, shape, holes)
    return HttpResponse(form.fill(reader).encode())


def drawn(template: str, **values: Any) -> str:
    """Return a template as text that says the same to everybody: it gets nothing of any request."""
    return str(_engine().env.get_template(template).render(values))


def markup(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, block: str | None = None
) -> str:
    """Return a page or one named block of it as text; raises KeyError when the page has no such block."""
    environment: Environment = _engine().env
    values = _values(request) | (context or {})
    values["frame_reader"] = Reader(values)
    page = environment.get_template(template)
    return _block(page, page.new_context(values), block) if block else page.render(values)


def _values(request: HttpRequest) -> dict[str, Any]:
    """Return what every page may print, whatever its view gives it."""
    token = Once(lambda: proof_for(request))
    values: dict[str, Any] = {"request": request, "csrf_input": _hidden(token), "csrf_token": token}
    for processor in _engine().template_context_processors:
        values |= processor(request)
    return values


def secret_of(request: HttpRequest) -> Once:
    """Return what every form that posts carries, made when it is first printed."""
    return _hidden(Once(lambda: proof_for(request)))


def _hidden(token: Once) -> Once:
    return Once(lambda: Markup(f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'))


def _block(page: Template, context: Context, name: str) -> str:
    """Render a block after the imports and assignments that stand outside every block of its page."""
    # A template's code runs those before its frame yields the first piece, and that piece is not wanted.
    next(iter(page.root_render_func(context)), None)
    return "".join(context.blocks[name][0](context))
