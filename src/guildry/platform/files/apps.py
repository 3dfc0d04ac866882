"""Registration of the files app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import observing, points, points
from guildry.kernel.points


class FilesConfig(AppConfig):
    name = "guildry.platform.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.files import queries

        RUNTIME_SETTINGS.register(*LIVE)
        points.HEALTH_CHECKS.register(
            observing.HealthCheck(
                "virus scanner",
                queries.scanner_answers,
                every=timedelta(seconds=5),
                timeout=timedelta(seconds=4),
            )
        )
        tasks = "guildry.platform.files.tasks"
        points.SCHEDULED_JOBS.register(
            points.ScheduledJob(
                "files.inspect_waiting", f"{tasks}.inspect_waiting", every=timedelta(seconds=10)
            ),
            points.ScheduledJob("files.purge_files", f"{tasks}.purge_files", every=timedelta(hours=1)),
        )
