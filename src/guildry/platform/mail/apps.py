"""Registration of the mail app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.points import SCHEDULED_JOBS, STYLESHEETS, Asset, ScheduledJob


class MailConfig(AppConfig):
    name = "guildry.platform.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        SCHEDULED_JOBS.register(
            ScheduledJob("mail.purge", "guildry.platform.mail.tasks.purge", every=timedelta(hours=1))
        )
        STYLESHEETS.register(Asset("mail/mail.css"))
