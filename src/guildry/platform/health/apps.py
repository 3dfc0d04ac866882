"""Registration of the health app."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "guildry.platform.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"
