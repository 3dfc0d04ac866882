"""The template engine: where pages live and what they may call."""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, _escape_inner, escape

from guildry.kernel.points import SCRIPTS
from guildry.ui import (
    addresses,
    behaviours,
    charts,
    fields,
    formatting,
    frame,
    icons,
    portraits,
    scene,
    stylesheets,
)


def printed(value: Any) -> str:
    """Return what a template prints for a value, escaped unless it is markup: what Jinja's own `escape` returns.

    Pieces of a page are joined at once, so a plain string does, and a page has a thousand of them.
    """
    kind = type(value)
    if kind is Markup:
        return value
    if kind is int:
        return str(value)
    return _escape_inner(value) if kind is str else escape(value)


class SwiftCode(CodeGenerator):
    """Template code that prints through `printed` where it escapes."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")


class Swift(Environment):
    code_generator_class = SwiftCode
    printed = staticmethod(printed)

    def make_globals(self, d: Any) -> Any:
        """Give templates what every one of them may call as one mapping, which is copied faster than a chain of two."""
        return {**self.globals, **(d or {})}


def build(**options: Any) -> Environment:
    """Return the one environment; a name that no view gave is an error, and compiled templates stay in memory."""
    folders = [f"{app.path}/templates" for app in apps.get_app_configs() if app.name.startswith("guildry.")]
    options |= {"loader": FileSystemLoader(folders), "undefined": StrictUndefined, "cache_size": -1}
    options.setdefault("autoescape", True)
    environment = Swift(trim_blocks=True, lstrip_blocks=True, **options)
    environment.globals.update(_globals())
    return environment


def without(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def _csrf(request: HttpRequest) -> Markup:
    return Markup(csrf_input(request))


@cache
def _scripts() -> list[str]:
    return [static(asset.path) for asset in SCRIPTS]


def _globals() -> dict[str, Any]:
    return {
        "url": addresses.url,
        "page_of": addresses.page_of,
        "without": without,
        "static": cache(static),
        "frame_part": frame.frame_part,
        "hx": behaviours.hx,
        "site_origin": settings.ORIGIN,
        "stylesheet_url": stylesheets.stylesheet_url,
        "frame_stylesheet_url": stylesheets.frame_stylesheet_url,
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
