"""Registration of the lifecycle app."""

from django.apps import AppConfig

from guildry.kernel.points import COMMANDS, COMPONENTS, ROLL_CALLS, Command, Component
from guildry.kernel.safety import RollCall


class LifecycleConfig(AppConfig):
    name = "guildry.platform.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.platform.lifecycle import commands, queries
        from guildry.platform.lifecycle.serving import carrier, database

        COMPONENTS.register(
            Component("lifecycle.database", database.begin, database.end),
            Component(
                "lifecycle.hints",
                carrier.start,
                carrier.stop,
                needs=frozenset({"lifecycle.database"}),
                critical=False,
                probe=carrier.probe,
            ),
        )
        ROLL_CALLS.register(RollCall("lifecycle", queries.roll_call))
        COMMANDS.register(
            Command("serve", "Run the site", commands.serve, commands.serve_arguments),
            Command(
                "status", "Say what runs here and how it is doing", commands.status, commands.status_arguments
            ),
            Command(
                "restart",
                "Put a new generation in the place of the running one, without a pause",
                commands.restart,
                commands.restart_arguments,
            ),
            Command(
                "drain",
                "Stop what runs here after it has finished what it began",
                commands.drain,
                commands.drain_arguments,
            ),
        )
