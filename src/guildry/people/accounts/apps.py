"""Registration of the accounts app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus
from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import (
    FOREIGN_INVENTORY,
    SCHEDULED_JOBS,
    SEED_PACKS,
    STYLESHEETS,
    Asset,
    ScheduledJob,
    SeedPack,
)


class AccountsConfig(AppConfig):
    name = "guildry.people.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa import signals

        from guildry.people.accounts import adapters, events, seeds, tasks
        from guildry.people.accounts.models import library

        PERMISSIONS.register(
            Permission(
                "accounts.grant_role",
                "Grant and revoke staff roles",
                frozenset({StaffRole.ADMINISTRATOR}),
            ),
            Permission(
                "accounts.suspend_member",
                "Suspend members and let them in again",
                frozenset({StaffRole.ADMINISTRATOR, StaffRole.MODERATOR}),
            ),
            Permission(
                "accounts.read_permissions",
                "See which role carries which permission and who holds it",
                frozenset(StaffRole),
                reads_only=True,
            ),
        )
        SEED_PACKS.register(SeedPack("accounts", 10, seeds.steps))
        STYLESHEETS.register(Asset("accounts/accounts.css"))
        SCHEDULED_JOBS.register(
            ScheduledJob(
                "accounts.clear_expired",
                "guildry.people.accounts.tasks.clear_expired_access",
                every=timedelta(hours=1),
            )
        )
        bus.subscribe(events.MemberSuspended, tasks.end_sessions, name="accounts.end_sessions")
        signals.authenticator_added.connect(adapters.note_factor_added, dispatch_uid="accounts.added")
        signals.authenticator_removed.connect(adapters.note_factor_removed, dispatch_uid="accounts.removed")
        FOREIGN_INVENTORY.register(*library.INVENTORY)
