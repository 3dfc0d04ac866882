"""Registration of the schemas app."""

from django.apps import AppConfig

from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import COMMANDS, MODULES, STYLESHEETS, Asset, Command, Module

READ = Permission(
    "contracts.read",
    "Look into the boxes of mobile clients and compare them with the server",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
EXPORT = Permission(
    "contracts.export",
    "Write what a member's device may keep into files",
    frozenset({StaffRole.ADMINISTRATOR}),
)
INSPECTOR = Module(
    key="ops.contracts.hive",
    label="Offline boxes",
    icon="smartphone",
    group="Operate",
    url_name="schemas:hive",
    description="What a mobile client stored, and whether it is right",
    placement=frozenset({"console"}),
    permission="contracts.read",
    order=60,
    keywords=("hive", "mobile", "offline", "contract", "schema"),
)


class SchemasConfig(AppConfig):
    name = "guildry.ops.schemas"
    label = "schemas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.ops.schemas import commands

        PERMISSIONS.register(READ, EXPORT)
        MODULES.register(INSPECTOR)
        STYLESHEETS.register(Asset("schemas/schemas.css"))
        COMMANDS.register(
            Command(
                "contracts hive",
                "Read, compare and export client stores",
                commands.contracts,
                commands.arguments,
            )
        )
