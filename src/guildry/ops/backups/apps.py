"""Registration of the backups app."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.apps import AppConfig

from guildry.kernel import permissions, points
from guildry.kernel.permissions import Permission, StaffRole
from guildry.kernel.safety import RestorePoints

SLOW = timedelta(seconds=2)
OPERATE = frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR})
RIGHTS = (
    Permission("backups.read", "See backups and drills", OPERATE | {StaffRole.AUDITOR}, reads_only=True),
    Permission("backups.make", "Make, prove and rehearse backups", OPERATE),
    Permission("backups.prune", "Delete backups whose time is over, and hold others", OPERATE),
    Permission(
        "backups.restore", "Let the community go on from a backup", frozenset({StaffRole.ADMINISTRATOR})
    ),
)

TIMELINE = points.Module(
    key="ops.backups",
    label="Backups",
    icon="package",
    group="Operate",
    url_name="backups:timeline",
    description="Sealed copies of everything, and whether they open",
    placement=frozenset({"console"}),
    permission="backups.read",
    order=40,
    keywords=("copy", "restore", "drill", "disaster", "age"),
)


class BackupsConfig(AppConfig):
    name = "guildry.ops.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.kernel.loops import Loop
        from guildry.kernel.observing import HealthCheck
        from guildry.ops.backups import actions, commands, queries, tasks

        permissions.PERMISSIONS.register(*RIGHTS)
        points.MODULES.register(TIMELINE)
        points.STYLESHEETS.register(points.Asset("backups/backups.css", "console"))
        points.RUNTIME_SETTINGS.register(*queries.SETTINGS)
        points.RESTORE_POINTS.register(RestorePoints("backups", queries.restore_point))
        points.COMMANDS.register(
            points.Command(
                "backup", "Make, prove, rehearse and restore backups", commands.backup, commands.arguments
            )
        )
        keeper, log = tasks.Keeper(), tasks.LogKeeper()
        loop = Loop("backups", keeper.tick, every=30.0, topics=(actions.ORDERED,))
        watch = Loop("backups.log", log.tick, every=1.0)
        points.COMPONENTS.register(
            _worker("backups.keeper", loop.start, partial(keeper.stop, then=loop.stop), loop.probe),
            _worker("backups.log", watch.start, partial(log.stop, then=watch.stop)),
            points.Component(
                "backups.restored", tasks.finish_restore, tasks.nothing, start_timeout=timedelta(minutes=30)
            ),
        )
        points.HEALTH_CHECKS.register(
            HealthCheck("backups.after_restore", queries.after_restore, critical=True, kind="datastore"),
            HealthCheck("backups", queries.health, every=timedelta(seconds=30), timeout=SLOW, kind="system"),
            HealthCheck(
                "backups.log", queries.log_health, every=timedelta(seconds=5), timeout=SLOW, kind="system"
            ),
        )


def _worker(
    name: str, start: Callable[[], None], stop: Callable[[], None], probe: Callable[[], str] | None = None
) -> points.Component:
    return points.Component(name, start, stop, roles=frozenset({"worker"}), probe=probe, critical=False)
