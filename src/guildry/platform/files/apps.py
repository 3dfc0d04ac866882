"""Registration of the files app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import observing, points
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.kernel.runtime import Setting
from guildry.platform.files import rules

LIVE = (
    Setting("files.uploads_hourly", int, rules.UPLOADS_AN_HOUR, "files", "How many files a member may upload.", label="Uploads", unit="an hour",
            minimum=1, maximum=1000),
    Setting("files.megabytes_daily", int, rules.UPLOADED_BYTES_A_DAY // 1024**2, "files", "How much a member may upload.", label="Size of uploads", unit="MB a day",
            minimum=10, maximum=20000),
    Setting("files.largest_megabytes", int, rules.LARGEST_MEGABYTES, "files", "How large one file may be; some uses take less.", label="Largest file", unit="MB",
            minimum=1, maximum=100, keywords=("upload",)),
    Setting("retention.unused_files", timedelta, rules.UNUSED_FOR, "retention", "How long an upload is kept that nothing shows.", label="Unused uploads",
            minimum=timedelta(hours=1), maximum=timedelta(days=30), risk="confirm", owner="operations"),
    Setting("retention.rejected_files", timedelta, rules.REJECTED_FOR, "retention", "How long the record of a refused upload is kept.", label="Refused uploads",
            minimum=timedelta(hours=1), maximum=timedelta(days=90), risk="confirm", owner="operations"),
)  # fmt: skip


class FilesConfig(AppConfig):
    name = "guildry.platform.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

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
