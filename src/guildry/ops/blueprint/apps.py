"""Registration of the blueprint app."""

from django.apps import AppConfig

from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import COMMANDS, MODULES, STYLESHEETS, Asset, Command, Module

READ = Permission(
    "schema.read",
    "See how the tables are made, what they hold and what refers to what",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
SCHEMA = Module(
    key="ops.schema",
    label="Schema",
    icon="table-2",
    group="Operate",
    url_name="blueprint:schema",
    description="Every table: what it holds, what refers to it, how personal it is",
    placement=frozenset({"console"}),
    permission="schema.read",
    order=55,
    keywords=("tables", "columns", "diagram", "personal data", "drift", "foreign keys"),
)


class BlueprintConfig(AppConfig):
    name = "guildry.ops.blueprint"
    label = "blueprint"
    owner = "operator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.ops.blueprint import commands

        PERMISSIONS.register(READ)
        MODULES.register(SCHEMA)
        STYLESHEETS.register(Asset("blueprint/blueprint.css", "console"))
        COMMANDS.register(
            Command(
                "schema",
                "Compare the tables with what this release wants, and draw them",
                commands.schema,
                commands.arguments,
            )
        )
