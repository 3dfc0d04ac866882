"""Registration of the mail app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.observing import HealthCheck
from guildry.kernel.points import (
    HEALTH_CHECKS,
    RUNTIME_SETTINGS,
    SCHEDULED_JOBS,
    STYLESHEETS,
    Asset,
    ScheduledJob,
)
from guildry.kernel.runtime import Setting
from guildry.platform.mail import rules

LIVE = (
    Setting("mail.from_name", str, "", "mail", "The name that mail of the site comes from; only its address unless given.", label="Name of the sender",
            check=rules.not_a_name, example="The Guild", keywords=("from", "sender")),
    Setting("retention.mail", timedelta, rules.KEPT_FOR, "retention", "How long sent mail can be looked at.", label="Mail",
            minimum=timedelta(days=1), maximum=timedelta(days=365), risk="confirm", owner="operations"),
    Setting("retention.secret_mail", timedelta, rules.SECRETS_KEPT_FOR, "retention", "How long mail with a code or a link that lets somebody in is kept.", label="Mail with codes",
            minimum=timedelta(hours=1), maximum=timedelta(days=7), risk="confirm", owner="operations"),
)  # fmt: skip


class MailConfig(AppConfig):
    name = "guildry.platform.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.platform.mail import queries

        RUNTIME_SETTINGS.register(*LIVE)
        HEALTH_CHECKS.register(
            HealthCheck(
                "mail", queries.server_answers, every=timedelta(seconds=30), timeout=timedelta(seconds=12)
            )
        )
        SCHEDULED_JOBS.register(
            ScheduledJob("mail.purge", "guildry.platform.mail.tasks.purge", every=timedelta(hours=1))
        )
        STYLESHEETS.register(Asset("mail/mail.css"))
