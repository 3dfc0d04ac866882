"""Registration of the lifecycle app."""

from django.apps import AppConfig

from guildry.kernel.points import COMMANDS, COMPONENTS, Command, Component


class LifecycleConfig(AppConfig):
    name = "guildry.platform.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.lifecycle import commands
        from guildry.platform.lifecycle.serving import carrier

        COMPONENTS.register(Component("lifecycle.hints", carrier.start, carrier.stop))
        COMMANDS.register(Command("serve", "Run the site", commands.serve, commands.serve_arguments))
