"""Registration of the audit app."""

from django.apps import AppConfig

from guildry.kernel import bus
from guildry.kernel.permissions import PERMISSIONS, SYSTEM, Permission, StaffRole

READ = Permission(
    "audit.read",
    "Read the audit trail: who with power did what, and why",
    frozenset({StaffRole.ADMINISTRATOR, StaffRole.AUDITOR, StaffRole.OPERATOR}),
    reads_only=True,
)


class AuditConfig(AppConfig):
    name = "guildry.platform.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.platform.audit import actions

        PERMISSIONS.register(READ)
        bus.witness_acts(lambda delivery: actions.record_act(SYSTEM, delivery=delivery), name="audit.entries")
