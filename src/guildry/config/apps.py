"""The last app to get ready: it closes the extension points."""

from django.apps import AppConfig

from guildry.kernel import points


class CompositionConfig(AppConfig):
    name = "guildry.config"
    label = "config"

    def ready(self) -> None:
        points.close_all()
