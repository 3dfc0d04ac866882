"""Registration of the mail app."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "guildry.platform.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
