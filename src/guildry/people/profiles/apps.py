"""Registration of the profiles app."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "guildry.people.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"
