"""Registration of the mail app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.observing import HealthCheck
from guildry.kernel.points import HEALTH_CHECKS, SCHEDULED_JOBS, STYLESHEETS, Asset, ScheduledJob


class MailConfig(AppConfig):
    name = "guildry.platform.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.mail import queries

        HEALTH_CHECKS.register(
            HealthCheck(
                "mail", queries.server_answers, every=timedelta(seconds=30), timeout=timedelta(seconds=12)
            )
        )
        SCHEDULED_JOBS.register(
            ScheduledJob("mail.purge", "guildry.platform.mail.tasks.purge", every=timedelta(hours=1))
        )
        STYLESHEETS.register(Asset("mail/mail.css"))
