"""Registration of the files app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guildry.platform.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
