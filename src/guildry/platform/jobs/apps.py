"""Registration of the jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "guildry.platform.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
