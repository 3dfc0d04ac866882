"""Registration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "guildry.people.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
