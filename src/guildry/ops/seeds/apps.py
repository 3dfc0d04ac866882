"""Registration of the seeds app."""

from django.apps import AppConfig


class SeedsConfig(AppConfig):
    name = "guildry.ops.seeds"
    label = "seeds"
    default_auto_field = "django.db.models.BigAutoField"
