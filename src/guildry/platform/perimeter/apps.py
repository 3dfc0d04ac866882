"""Registration of the perimeter app."""

from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings

from guildry.kernel import limits, points


class PerimeterConfig(AppConfig):
    name = "guildry.platform.perimeter"
    label = "perimeter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        points.SCHEDULED_JOBS.register(
            points.ScheduledJob(
                "perimeter.purge_replies",
                "guildry.platform.perimeter.tasks.purge_replies",
                every=timedelta(hours=1),
            )
        )
        points.MODULES.register(PROBLEMS)
        if settings.REDIS_URL:
            limits.use_store(limits.SharedStore(limits.RedisStore(settings.REDIS_URL)))


PROBLEMS = points.Module(
    key="problems",
    label="What refusals mean",
    icon="circle-help",
    group="For programs",
    url_name="perimeter:problems",
    description="Every answer that refuses something",
    placement=frozenset({"footer"}),
    public=True,
    order=910,
)
