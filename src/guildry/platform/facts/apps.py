"""Registration of the facts app."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "guildry.platform.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"
