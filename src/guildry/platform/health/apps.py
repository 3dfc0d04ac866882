"""Registration of the health app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.observing import HealthCheck, Metric
from guildry.kernel.permissions import PERMISSIONS, SYSTEM, Permission, StaffRole
from guildry.kernel.points import (
    COMMANDS,
    COMPONENTS,
    HEALTH_CHECKS,
    METRICS,
    MODULES,
    STYLESHEETS,
    Asset,
    Command,
    Component,
    Module,
)

READ = Permission(
    "health.read",
    "See which parts of the site work and how long work waits",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
BOARD = Module(
    key="ops.health",
    label="Health",
    icon="activity",
    group="Operate",
    url_name="health:board",
    description="Which parts work, since when, and how long work waits",
    placement=frozenset({"console"}),
    permission="health.read",
    order=10,
    keywords=("status", "database", "queue", "readiness"),
)
QUICK, SLOW, PATIENT = timedelta(milliseconds=250), timedelta(seconds=5), timedelta(seconds=2)


class HealthConfig(AppConfig):
    name = "guildry.platform.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.health import actions, commands
        from guildry.platform.health.sampler import SAMPLER
        from guildry.platform.lifecycle.queries import requests_answered

        HEALTH_CHECKS.register(
            HealthCheck("database", commands.database, critical=True, every=QUICK, kind="datastore"),
            HealthCheck("writes", commands.writes, every=2 * QUICK, timeout=PATIENT, kind="datastore"),
            HealthCheck(
                "schema", commands.schema, every=timedelta(seconds=30), timeout=SLOW, kind="datastore"
            ),
            HealthCheck("disk", commands.disk, every=SLOW, kind="system"),
            HealthCheck("storage", commands.storage, every=SLOW, timeout=PATIENT, kind="system"),
            HealthCheck("redis", commands.redis, every=timedelta(seconds=1), kind="datastore"),
        )
        METRICS.register(
            Metric("guildry_requests_seconds", "Requests answered.", "histogram", requests_answered)
        )
        PERMISSIONS.register(READ)
        MODULES.register(BOARD)
        STYLESHEETS.register(Asset("health/health.css", "console"))
        COMPONENTS.register(Component("health.sampler", SAMPLER.start, lambda: actions.stop_sampling(SYSTEM)))
        COMMANDS.register(
            Command("health", "Probe every dependency once", commands.health, commands.health_arguments)
        )
