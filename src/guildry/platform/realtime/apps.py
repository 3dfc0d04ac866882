"""Registration of the realtime app."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "guildry.platform.realtime"
    label = "realtime"
    default_auto_field = "django.db.models.BigAutoField"
