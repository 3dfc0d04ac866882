"""Registration of the lifecycle app."""

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "guildry.platform.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"
