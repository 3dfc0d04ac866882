"""Registration of the doctor app."""

from django.apps import AppConfig

from guildry.kernel.points import COMMANDS, Command


class DoctorConfig(AppConfig):
    name = "guildry.ops.doctor"
    label = "doctor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.ops.doctor import commands

        COMMANDS.register(
            Command("doctor", "Say what is wrong with this installation", commands.doctor, commands.arguments)
        )
