"""Registration of the timeline app."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "guildry.community.timeline"
    label = "timeline"
    default_auto_field = "django.db.models.BigAutoField"
