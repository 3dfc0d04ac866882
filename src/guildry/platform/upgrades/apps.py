"""Registration of the upgrades app."""

from django.apps import AppConfig


class UpgradesConfig(AppConfig):
    name = "guildry.platform.upgrades"
    label = "upgrades"
    default_auto_field = "django.db.models.BigAutoField"
