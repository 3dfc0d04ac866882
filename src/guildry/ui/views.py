"""What the design system serves itself: stylesheet, drawings, palette, menus, appearance and the gallery."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from guildry.kernel import text
from guildry.kernel.permissions import public, viewer_of
from guildry.kernel.points import MODULES
from guildry.ui import gallery, menus, palette, portraits, stylesheets
from guildry.ui.forms import AppearanceForm
from guildry.ui.pages import THEME_COOKIE, render, theme_of

FOR_EVER = "public, max-age=31536000, immutable"
YEAR = 31536000
PREVIEW_LENGTH = 20_000


def _packed(request: HttpRequest, bundle: stylesheets.Bundle, media_type: str) -> HttpResponse:
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(bundle.packed if takes_gzip else bundle.text, content_type=media_type)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    return response


@public
@require_GET
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the stylesheet; a page of an earlier release that asks by its old name gets today's."""
    return _packed(request, stylesheets.stylesheet(), "text/css; charset=utf-8")


@public
@require_GET
def frame_stylesheet(request: HttpRequest, frame: str, digest: str) -> HttpResponse:
    try:
        return _packed(request, stylesheets.frame_stylesheet(frame), "text/css; charset=utf-8")
    except KeyError as missing:
        raise Http404 from missing


@public
@require_GET
def script(request: HttpRequest, digest: str) -> HttpResponse:
    return _packed(request, stylesheets.script(), "text/javascript; charset=utf-8")


@public
@require_GET
def island(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    try:
        return _packed(request, stylesheets.island(name), "text/javascript; charset=utf-8")
    except KeyError as missing:
        raise Http404 from missing


def _drawing(draw: Callable[[str], str], seed: str) -> HttpResponse:
    response = HttpResponse(draw(seed), content_type="image/svg+xml")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@public
@require_GET
def portrait(request: HttpRequest, seed: str) -> HttpResponse:
    return _drawing(portraits.draw_portrait, seed)


@public
@require_GET
def mark(request: HttpRequest, seed: str) -> HttpResponse:
    return _drawing(portraits.draw_mark, seed)


@public
@require_GET
def cover(request: HttpRequest, seed: str) -> HttpResponse:
    return _drawing(portraits.draw_cover, seed)


@public
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find pages, people and more: a page by itself, results alone for htmx, a dialog for the shortcut."""
    query = request.GET.get("q", "")
    context = {"query": query, "groups": palette.find(viewer_of(request), query)}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "ui/palette.html", context)
    return render(
        request, "ui/palette.html", context, block="overlay" if "dialog" in request.GET else "results"
    )


@public
@require_GET
def menu(request: HttpRequest, key: str) -> HttpResponse:
    """Show an opened mega menu again, each entry with its line of context."""
    viewer = viewer_of(request)
    found = next((menu for menu in menus.navigation_for(viewer, request.path).menus if menu.key == key), None)
    if found is None:
        raise Http404
    return render(request, "ui/menu.html", {"heading": menus.with_live_lines(found, viewer)})


@public
@require_GET
def badge(request: HttpRequest, key: str) -> HttpResponse:
    """Show the number beside an entry of the bar, or nothing."""
    module, viewer = MODULES.get(key), viewer_of(request)
    if module is None or viewer is None:
        raise Http404
    return render(request, "ui/badge.html", {"number": menus.badge_of(module, viewer)})


@public
@require_http_methods(["GET", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Let anyone choose light or dark; the choice is a cookie, so the next page comes right from the start."""
    theme = theme_of(request, viewer_of(request))
    form = AppearanceForm(request.POST or None, initial={"theme": theme})
    if request.method == "GET" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "ui/appearance.html", {"form": form}, status=status)
    response = HttpResponseRedirect(_page_before(request), status=303)
    response.set_cookie(
        THEME_COOKIE,
        form.cleaned_data["theme"] or "system",
        max_age=YEAR,
        samesite="Lax",
        secure=settings.IS_SECURE,
    )
    return response


def _page_before(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/"


@public
@require_GET
def keyboard(request: HttpRequest) -> HttpResponse:
    block = "overlay" if request.htmx else None  # type: ignore[attr-defined]
    return render(request, "ui/keyboard.html", {}, block=block)


@public
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what Markdown will look like once it is saved."""
    written: Any = request.POST.get("text", "")[:PREVIEW_LENGTH]
    return HttpResponse(Markup(text.to_html(text.clean(written))) or Markup("<p>Nothing to show yet.</p>"))


@public
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery.html", gallery.specimens())
