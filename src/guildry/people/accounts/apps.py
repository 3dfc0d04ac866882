"""Registration of the accounts app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus
from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import (
    FOREIGN_INVENTORY,
    MODULES,
    SCHEDULED_JOBS,
    SEED_PACKS,
    STYLESHEETS,
    Asset,
    Module,
    ScheduledJob,
    SeedPack,
)

RIGHTS = (
    Permission("accounts.grant_role", "Grant and revoke staff roles", frozenset({StaffRole.ADMINISTRATOR})),
    Permission(
        "accounts.suspend_member",
        "Find members, suspend them and let them in again",
        frozenset({StaffRole.ADMINISTRATOR, StaffRole.MODERATOR}),
    ),
    Permission(
        "accounts.read_permissions",
        "See which role carries which permission and who holds it",
        frozenset(StaffRole),
        reads_only=True,
    ),
)
_SETTINGS = frozenset({"settings"})
OWN = (
    Module(
        "settings", "Settings", "settings", "Account", "accounts:settings",
        "Your name, address, time zone and colours", frozenset({"account", "settings"}), order=20,
        keywords=("account", "e-mail", "handle", "headline", "time zone", "language", "theme"),
    ),
    Module(
        "settings.security", "Security", "shield-check", "Account", "mfa_index",
        "Password, passkeys and second factors", _SETTINGS, order=30,
        keywords=("password", "passkey", "authenticator", "recovery codes", "services"),
    ),
    Module(
        "settings.devices", "Devices", "monitor", "Account", "accounts:settings_sessions",
        "Where you are signed in", _SETTINGS, order=40, keywords=("sessions", "sign out"),
    ),
    Module(
        "settings.hats", "Hats", "hat-glasses", "Account", "accounts:settings_hats",
        "What you do here", _SETTINGS, order=50, keywords=("roles", "freelancer", "client", "mentor"),
    ),
    Module(
        "settings.tokens", "Access tokens", "key-round", "Account", "accounts:settings_tokens",
        "Keys for programs that act for you", _SETTINGS, order=80, keywords=("api", "keys", "scripts"),
    ),
)  # fmt: skip
STAFF = (
    Module(
        "staff", "Members and staff", "users", "Staff", "accounts:staff",
        "Find a member, see who holds which role", frozenset({"account"}), "accounts.suspend_member",
        order=90, keywords=("suspend", "grant", "roles", "moderators"),
    ),
    Module(
        "staff.permissions", "Permissions", "scroll-text", "Staff", "accounts:permissions",
        "What each staff role may do", frozenset({"account"}), "accounts.read_permissions",
        order=91, keywords=("roles", "rights"),
    ),
)  # fmt: skip


class AccountsConfig(AppConfig):
    name = "guildry.people.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa import signals

        from guildry.people.accounts import adapters, events, seeds, tasks
        from guildry.people.accounts.models import library

        PERMISSIONS.register(*RIGHTS)
        MODULES.register(*OWN, *STAFF)
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
