"""Registration of the perimeter app."""

from django.apps import AppConfig


class PerimeterConfig(AppConfig):
    name = "guildry.platform.perimeter"
    label = "perimeter"
    default_auto_field = "django.db.models.BigAutoField"
