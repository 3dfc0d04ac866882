"""Registration of the ui app."""

from django.apps import AppConfig

from guildry.kernel.points import STYLESHEETS, Asset


class UiConfig(AppConfig):
    name = "guildry.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        STYLESHEETS.register(Asset("ui/console.css", "console"))
