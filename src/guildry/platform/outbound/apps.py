"""Registration of the outbound app."""

from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "guildry.platform.outbound"
    label = "outbound"
    default_auto_field = "django.db.models.BigAutoField"
