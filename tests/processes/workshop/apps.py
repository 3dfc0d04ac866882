"""Registration of the workshop."""

from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    name = "tests.processes.workshop"
    label = "workshop"
    owner = "operator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from guildry.kernel import bus
        from guildry.kernel.observing import HealthCheck
        from guildry.kernel.points import (
            COMMANDS,
            HEALTH_CHECKS,
            RELOADS,
            SCHEDULED_JOBS,
            Command,
            Reload,
            ScheduledJob,
        )
        from tests.processes.workshop import actions, commands, events

        bus.subscribe(events.BellRang, actions.hear, name="workshop.hear")
        SCHEDULED_JOBS.register(
            ScheduledJob("workshop.tick", "tests.processes.workshop.tasks.tick", every=timedelta(seconds=1))
        )
        often = timedelta(milliseconds=250)
        HEALTH_CHECKS.register(HealthCheck("workshop", actions.probe, critical=True, every=often))
        RELOADS.register(Reload("workshop", actions.reload))
        COMMANDS.register(Command("workshop", "Work in the workshop", commands.workshop, commands.arguments))
