"""Registration of the jobs app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.observing import Queue
from guildry.kernel.points import (
    COMMANDS,
    COMPONENTS,
    QUEUES,
    RUNTIME_SETTINGS,
    SCHEDULED_JOBS,
    Command,
    Component,
    ScheduledJob,
)
from guildry.kernel.runtime import Setting
from guildry.platform.jobs import rules

TASKS = "guildry.platform.jobs.tasks"


LIVE = (
    Setting("retention.done_jobs", timedelta, rules.KEEP_DONE, "retention", "How long finished jobs can be looked at.", label="Finished jobs",
            minimum=timedelta(hours=1), maximum=timedelta(days=60), risk="confirm", owner="operations"),
    Setting("retention.dead_jobs", timedelta, rules.KEEP_DEAD, "retention", "How long jobs that were given up can be looked at and tried again.", label="Jobs given up",
            minimum=timedelta(days=1), maximum=timedelta(days=365), risk="confirm", owner="operations"),
)  # fmt: skip


class JobsConfig(AppConfig):
    name = "guildry.platform.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from django.db import connection

        from guildry.kernel.loops import Loop
        from guildry.platform.jobs import commands
        from guildry.platform.jobs.worker import Schedule, Worker

        RUNTIME_SETTINGS.register(*LIVE)
        worker = Worker(threads=1 if connection.vendor == "sqlite" else 4)
        schedule = Loop("jobs schedule", Schedule().tick, every=1.0)
        # Facts that the last jobs publish are still sealed: what is needed stops later.
        needs, roles = frozenset({"lifecycle.hints", "facts.sealer"}), frozenset({"worker"})
        COMPONENTS.register(
            Component(
                "jobs.worker",
                worker.start,
                worker.stop,
                needs,
                roles,
                timedelta(seconds=30),
                probe=worker.probe,
                critical=False,
            ),
            Component(
                "jobs.schedule",
                schedule.start,
                schedule.stop,
                needs | {"jobs.worker"},
                roles,
                probe=schedule.probe,
                critical=False,
            ),
        )
        SCHEDULED_JOBS.register(
            ScheduledJob("jobs.forget", f"{TASKS}.forget_finished_jobs", every=timedelta(minutes=15)),
        )
        QUEUES.register(Queue("jobs", "Jobs", commands.depth, patience=timedelta(seconds=120)))
        COMMANDS.register(
            Command("jobs", "List background jobs or retry given-up ones", commands.jobs, commands.arguments)
        )
