"""Registration of the alerts app."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig

from guildry.kernel import bus, permissions, points
from guildry.kernel.permissions import Permission, StaffRole
from guildry.kernel.runtime import Setting

OPERATE = frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR})
RIGHTS = (
    Permission(
        "alerts.read", "See alerts and their thresholds", OPERATE | {StaffRole.AUDITOR}, reads_only=True
    ),
    Permission("alerts.acknowledge", "Look after alerts, and be told of them", OPERATE),
    Permission("alerts.silence", "Silence alerts for a while", OPERATE),
)
BOARD = points.Module(
    key="ops.alerts",
    label="Alerts",
    icon="bell-ring",
    group="Operate",
    url_name="alerts:board",
    description="What is beyond its threshold, who looks after it, and who is told",
    placement=frozenset({"console"}),
    permission="alerts.read",
    order=20,
    keywords=("alarm", "threshold", "silence", "webhook", "push", "on call"),
)
TASKS = "guildry.ops.alerts.tasks"


def _setting(name: str, default: Any, doc: str, **more: Any) -> Setting:
    key, section = f"alerts.{name}", more.pop("section", "operations/alerts")
    return Setting(
        key=key, kind=type(default), default=default, section=section, doc=doc, owner="operations", **more
    )


SETTINGS = (
    _setting("samples", 3, "Bad readings in a row, one every 15 seconds, before an alert opens.", unit="readings", minimum=1, maximum=40),
    _setting("recovery_samples", 3, "Good readings in a row before an alert is over.", unit="readings", minimum=1, maximum=40),
    _setting("queue_age", timedelta(minutes=5), "How long a due job may wait.", minimum=timedelta(seconds=10), maximum=timedelta(days=1)),
    _setting("queue_dead", 0, "How many given-up jobs are not worth an alert.", unit="jobs", minimum=0, maximum=10_000),
    _setting("facts_lag", timedelta(minutes=2), "How long a fact may be on its way to whoever is told of it.", minimum=timedelta(seconds=5), maximum=timedelta(days=1)),
    _setting("facts_dead", 0, "How many given-up deliveries are not worth an alert.", unit="deliveries", minimum=0, maximum=10_000),
    _setting("errors_per_minute", 3, "Failed answers a minute, over five minutes, that are not worth an alert.", unit="answers/min", minimum=0, maximum=10_000),
    _setting("report_kinds", 0, "New kinds of reports from browsers in an hour that are not worth an alert.", unit="kinds", minimum=0, maximum=1000),
    _setting("certificate_days", 14, "Days before the end of the certificate at which to say so.", unit="days", minimum=1, maximum=90),
    _setting("disk_free", 1024, "Free space of the data folder below which to say so.", unit="MB", minimum=100, maximum=10_000_000),
    _setting("mail_refused", 10, "Letters refused for good in an hour that are not worth an alert.", unit="letters", minimum=0, maximum=100_000),
    _setting("mail_waiting", timedelta(minutes=15), "How long a letter may wait for the mail server.", minimum=timedelta(minutes=1), maximum=timedelta(days=1)),
    _setting("mail", True, "Send alerts as mail to staff who can look after them."),
    _setting("push", True, "Send alerts to the browsers that staff have chosen to be told by."),
    _setting("webhook", "", "Where to send alerts as signed messages; nothing for nowhere.", form="url", risk="confirm"),
    _setting("private_hosts", (), "Hosts at private addresses that alerts may be sent to, with a port when it is not the usual one.", risk="confirm"),
)  # fmt: skip


class AlertsConfig(AppConfig):
    name = "guildry.ops.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.kernel.loops import Loop
        from guildry.ops.alerts import events, tasks

        permissions.PERMISSIONS.register(*RIGHTS)
        points.MODULES.register(BOARD)
        points.RUNTIME_SETTINGS.register(*SETTINGS)
        points.STYLESHEETS.register(points.Asset("alerts/alerts.css", "console"))
        points.SCHEDULED_JOBS.register(
            points.ScheduledJob("alerts.evaluate", f"{TASKS}.evaluate", every=timedelta(seconds=15)),
            points.ScheduledJob("alerts.forget", f"{TASKS}.forget", every=timedelta(hours=6)),
        )
        counter = Loop("alerts failures", tasks.FailureCounter().tick, every=10.0)
        points.COMPONENTS.register(
            points.Component("alerts.failures", counter.start, counter.stop, roles=frozenset({"web"}))
        )
        bus.subscribe(events.AlertOpened, tasks.tell, name="alerts.tell_opened")
        bus.subscribe(events.AlertResolved, tasks.tell, name="alerts.tell_resolved")
