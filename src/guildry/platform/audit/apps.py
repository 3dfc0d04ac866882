"""Registration of the audit app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus
from guildry.kernel.permissions import PERMISSIONS, SYSTEM, Permission, StaffRole
from guildry.kernel.points import COMMANDS, MODULES, SCHEDULED_JOBS, Command, Module, ScheduledJob

READ = Permission(
    "audit.read",
    "Read the audit trail: who with power did what, and why",
    frozenset({StaffRole.ADMINISTRATOR, StaffRole.AUDITOR, StaffRole.OPERATOR}),
    reads_only=True,
)
EXPORT = Permission(
    "audit.export",
    "Take copies of the audit trail",
    frozenset({StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
TRAIL = Module(
    key="ops.audit",
    label="Audit trail",
    icon="scroll-text",
    group="Secure",
    url_name="audit:trail",
    description="Who with power did what, and why",
    placement=frozenset({"console"}),
    permission="audit.read",
    order=20,
    keywords=("log", "history", "chain", "roles", "reasons"),
)


class AuditConfig(AppConfig):
    name = "guildry.platform.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from guildry.platform.audit import actions, commands

        PERMISSIONS.register(READ, EXPORT)
        MODULES.register(TRAIL)
        COMMANDS.register(
            Command("audit", "Show, prove or copy the audit trail", commands.audit, commands.arguments)
        )
        SCHEDULED_JOBS.register(
            ScheduledJob("audit.bind", "guildry.platform.audit.tasks.bind_pages", every=timedelta(seconds=30))
        )
        bus.witness_acts(lambda delivery: actions.record_act(SYSTEM, delivery=delivery), name="audit.entries")
