"""The template engine: where pages live and what they may call."""

from typing import Any

from django.apps import apps
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, FileSystemLoader


def build(**options: Any) -> Environment:
    folders = [
        config.path + "/templates" for config in apps.get_app_configs() if config.name.startswith("guildry.")
    ]
    options["loader"] = FileSystemLoader(folders)
    options.setdefault("autoescape", True)
    environment = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - autoescape is set above
    environment.globals.update(url=lambda name, **k: reverse(name, kwargs=k or None), static=static)
    return environment
