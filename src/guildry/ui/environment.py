"""The template engine: where pages live and what they may call."""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from guildry.kernel.points import SCRIPTS
from guildry.ui import behaviours, charts, fields, formatting, icons, portraits, scene, stylesheets


def build(**options: Any) -> Environment:
    """Return the one environment; a name that no view gave is an error, and compiled templates stay in memory."""
    folders = [f"{app.path}/templates" for app in apps.get_app_configs() if app.name.startswith("guildry.")]
    options |= {"loader": FileSystemLoader(folders), "undefined": StrictUndefined, "cache_size": -1}
    options.setdefault("autoescape", True)
    environment = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - autoescape is set above
    environment.globals.update(_globals())
    return environment


def url(name: str, **parts: Any) -> str:
    """Return the address of a named page."""
    return reverse(name, kwargs=parts or None)


@cache
def page_of(name: str, **parts: Any) -> str:
    """Return the address of a page of an app above this floor, or nothing when that app is not part of this site."""
    try:
        return reverse(name, kwargs=parts or None)
    except NoReverseMatch:
        return ""


def without(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def _csrf(request: HttpRequest) -> Markup:
    return Markup(csrf_input(request))


def _scripts() -> list[str]:
    return [static(asset.path) for asset in SCRIPTS]


def _globals() -> dict[str, Any]:
    return {
        "url": url,
        "page_of": page_of,
        "without": without,
        "static": static,
        "hx": behaviours.hx,
        "site_origin": settings.ORIGIN,
        "stylesheet_url": stylesheets.stylesheet_url,
        "script_url": stylesheets.script_url,
        "app_scripts": _scripts,
        "portrait_url": portraits.portrait_url,
        "mark_url": portraits.mark_url,
        "draw_icon": icons.draw,
        "draw_avatar": portraits.avatar,
        "draw_mark": portraits.mark,
        "draw_cover": portraits.cover,
        "draw_time": formatting.time_tag(scene.zone_of_reader),
        "short_count": formatting.count,
        "full_count": formatting.grouped,
        "csrf_of": _csrf,
        "field_parts": fields.parts,
        "field_switch": fields.switch,
        "complaints": fields.complaints,
        "area_chart": charts.area,
        "bar_chart": charts.bars,
        "donut_chart": charts.donut,
        "spark_line": charts.spark,
        "score_ring": charts.ring,
        "share_bar": charts.shares,
    }
