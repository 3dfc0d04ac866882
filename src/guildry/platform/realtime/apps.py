"""Registration of the realtime app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.observing import HealthCheck, Metric, Reading
from guildry.kernel.points import (
    COMPONENTS,
    HEALTH_CHECKS,
    METRICS,
    RUNTIME_SETTINGS,
    SCHEDULED_JOBS,
    Component,
    ScheduledJob,
)
from guildry.kernel.runtime import Setting
from guildry.platform.realtime import rules

LIVE = (
    Setting("realtime.sockets_per_member", int, rules.CONNECTIONS_PER_MEMBER, "realtime", "How many windows of one member are kept up to date at once.", label="Windows of a member", unit="connections",
            minimum=1, maximum=200),
    Setting("realtime.sockets_per_address", int, rules.CONNECTIONS_PER_ADDRESS, "realtime", "How many windows behind one network address are kept up to date at once.", label="Windows behind an address", unit="connections",
            minimum=10, maximum=50000),
)  # fmt: skip


class RealtimeConfig(AppConfig):
    name = "guildry.platform.realtime"
    label = "realtime"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.platform.realtime import commands
        from guildry.platform.realtime.gateway import GATEWAY
        from guildry.platform.realtime.gateway.presence import KEEPER

        RUNTIME_SETTINGS.register(*LIVE)
        COMPONENTS.register(
            # Processes that only answer pages follow the order too, to say where a page begins.
            Component(
                "realtime.dispatcher",
                GATEWAY.dispatcher.start,
                GATEWAY.dispatcher.stop,
                needs=frozenset({"lifecycle.hints"}),
                roles=frozenset({"web", "realtime"}),
            ),
            Component("realtime.gateway", GATEWAY.expect, GATEWAY.stop, roles=frozenset({"realtime"})),
            Component(
                "realtime.presence",
                KEEPER.start,
                KEEPER.stop,
                needs=frozenset({"lifecycle.hints"}),
                roles=frozenset({"realtime"}),
                critical=False,
                probe=KEEPER.probe,
            ),
        )
        SCHEDULED_JOBS.register(
            ScheduledJob(
                "realtime.clear_expired",
                "guildry.platform.realtime.tasks.clear_expired",
                every=timedelta(hours=1),
            )
        )
        HEALTH_CHECKS.register(HealthCheck("realtime", commands.probe, every=timedelta(seconds=5)))
        METRICS.register(*_metrics())


def _metrics() -> list[Metric]:
    from guildry.platform.realtime.gateway import GATEWAY

    sockets, dispatcher = GATEWAY.connections, GATEWAY.dispatcher
    return [
        Metric(
            "guildry_sockets",
            "Sockets open at this process.",
            "gauge",
            lambda: [Reading(float(len(sockets)))],
        ),
        Metric(
            "guildry_dispatched_seq",
            "The place in the order of facts up to which sockets were told.",
            "gauge",
            lambda: [Reading(float(dispatcher.seq or 0))],
        ),
    ]
