"""Registration of the network app."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "guildry.people.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"
