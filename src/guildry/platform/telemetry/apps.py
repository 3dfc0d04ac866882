"""Registration of the telemetry app."""

from django.apps import AppConfig

from guildry.kernel.points import COMMANDS, COMPONENTS, Command, Component


class TelemetryConfig(AppConfig):
    name = "guildry.platform.telemetry"
    label = "telemetry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.telemetry import commands
        from guildry.platform.telemetry.recorder import RECORDER

        COMPONENTS.register(
            Component(
                "telemetry.recorder", RECORDER.start, RECORDER.stop, probe=RECORDER.probe, critical=False
            )
        )
        COMMANDS.register(
            Command("trace", "Show everything one request caused", commands.trace, commands.trace_arguments)
        )
