"""Registration of the upgrades app."""

from django.apps import AppConfig

from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import COMMANDS, MODULES, STYLESHEETS, Asset, Command, Module

READ = Permission(
    "migrations.read",
    "See which changes of the schema wait, are under way or were made",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
RUN = Permission(
    "migrations.run",
    "Pause changes of the schema and let them go on",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
)


BOARD = Module(
    key="ops.migrations",
    label="Migrations",
    icon="database",
    group="Operate",
    url_name="upgrades:board",
    description="Changes of the schema: what waits, what happens now, what was done",
    placement=frozenset({"console"}),
    permission="migrations.read",
    order=50,
    keywords=("schema", "upgrade", "backfill", "journal", "rollback", "tables"),
)


class UpgradesConfig(AppConfig):
    name = "guildry.platform.upgrades"
    label = "upgrades"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.platform.upgrades import commands

        PERMISSIONS.register(READ, RUN)
        MODULES.register(BOARD)
        STYLESHEETS.register(Asset("upgrades/upgrades.css", "console"))
        COMMANDS.register(
            Command(
                "migrate", "Change the schema, and see how that stands", commands.migrate, commands.arguments
            ),
        )
