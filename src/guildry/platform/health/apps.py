"""Registration of the health app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import (
    COMMANDS,
    COMPONENTS,
    HEALTH_CHECKS,
    MODULES,
    Command,
    Component,
    HealthCheck,
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


class HealthConfig(AppConfig):
    name = "guildry.platform.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.health import commands
        from guildry.platform.health.sampler import SAMPLER

        quick, slow, patient = timedelta(milliseconds=250), timedelta(seconds=5), timedelta(seconds=2)
        HEALTH_CHECKS.register(
            HealthCheck("database", commands.database, critical=True, every=quick),
            HealthCheck("writes", commands.writes, timeout=patient),
            HealthCheck("disk", commands.disk, every=slow),
            HealthCheck("redis", commands.redis, every=timedelta(seconds=1)),
        )
        PERMISSIONS.register(READ)
        MODULES.register(BOARD)
        COMPONENTS.register(Component("health.sampler", SAMPLER.start, SAMPLER.stop))
        COMMANDS.register(Command("health", "Probe every dependency once", commands.health))
