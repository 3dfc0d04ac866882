"""Registration of the organisations app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "guildry.people.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
