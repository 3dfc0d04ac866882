"""Registration of the accounts app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus
from guildry.kernel.observing import HealthCheck
from guildry.kernel.permissions import PERMISSIONS, SYSTEM, Permission, StaffRole
from guildry.kernel.points import (
    COMMANDS,
    FOREIGN_INVENTORY,
    HEALTH_CHECKS,
    MODULES,
    RESEALS,
    RUNTIME_SETTINGS,
    SCHEDULED_JOBS,
    SEED_PACKS,
    STYLESHEETS,
    Asset,
    Command,
    Module,
    Reseal,
    ScheduledJob,
    SeedPack,
)
from guildry.kernel.runtime import Setting
from guildry.people.accounts import rules

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
PLACES = (
    Module(
        "accounts.settings", "Settings", "settings", "Account", "accounts:settings",
        "Name, handle, address, language and time zone", frozenset({"account", "settings"}), order=50,
        keywords=("account", "e-mail", "time zone", "language", "handle", "preferences"),
    ),
    Module(
        "accounts.security", "Sign-in and security", "shield-check", "Account", "mfa_index",
        "Passkeys, authenticator app, recovery codes and password", frozenset({"settings"}), order=52,
        keywords=("passkey", "password", "totp", "two factor", "second factor", "recovery codes"),
    ),
    Module(
        "accounts.devices", "Devices", "monitor", "Account", "accounts:settings_sessions",
        "Where you are signed in", frozenset({"settings"}), order=54, keywords=("sessions", "sign out"),
    ),
    Module(
        "accounts.hats", "Hats", "users-round", "Account", "accounts:settings_hats",
        "What you do here", frozenset({"settings"}), order=56, keywords=("roles", "freelancer", "mentor"),
    ),
    Module(
        "accounts.tokens", "Access tokens", "key-round", "Account", "accounts:settings_tokens",
        "For programs that act for you", frozenset({"settings"}), order=58, keywords=("api", "scopes"),
    ),
    Module(
        "accounts.staff", "Members and staff", "user-check", "Staff", "accounts:staff",
        "Find a member, see who holds which role", frozenset({"rail"}), permission="accounts.suspend_member", order=90,
        keywords=("roles", "suspend", "moderators", "administrators"),
    ),
    Module(
        "accounts.permissions", "Permissions", "lock-keyhole", "Staff", "accounts:permissions",
        "What each staff role may do", frozenset({"rail"}), permission="accounts.read_permissions", order=91,
        keywords=("roles", "access", "rights"),
    ),
)  # fmt: skip


LIVE = (
    Setting("registration.mode", str, rules.OPEN, "registration",
            "Who may join: everybody, whoever has an invitation, or nobody; those who are members sign in either way.",
            label="Registration", choices=rules.REGISTRATION, risk="confirm", owner="community",
            keywords=("join", "sign up", "closed", "invitation")),
    Setting("accounts.sign_in_tries", int, rules.ATTEMPTS["sign_in"][1][0], "accounts", "How often one account may be tried before each try waits a minute.", label="Tries to sign in", unit="tries",
            minimum=2, maximum=50, risk="two-person", owner="security", keywords=("password", "brute force")),
    Setting("accounts.codes_sent", int, rules.ATTEMPTS["send_code"][1][0], "accounts", "How many codes one address may be sent before each waits five minutes.", label="Codes by mail", unit="codes",
            minimum=1, maximum=20, risk="confirm", owner="security"),
    Setting("accounts.tokens_most", int, rules.TOKENS_PER_MEMBER, "accounts", "How many access tokens a member may hold.", label="Access tokens", unit="tokens",
            minimum=1, maximum=200),
)  # fmt: skip


class AccountsConfig(AppConfig):
    name = "guildry.people.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from allauth.mfa import signals

        from guildry.people.accounts import actions, adapters, commands, events, seeds, tasks
        from guildry.people.accounts.models import library
        from guildry.people.accounts.queries.providers import providers_answer

        RUNTIME_SETTINGS.register(*LIVE)
        PERMISSIONS.register(*RIGHTS)
        MODULES.register(*PLACES)
        SEED_PACKS.register(SeedPack("accounts", 10, seeds.steps, totals=seeds.totals))
        STYLESHEETS.register(Asset("accounts/accounts.css"))
        SCHEDULED_JOBS.register(
            ScheduledJob(
                "accounts.hash_shown_codes",
                "guildry.people.accounts.tasks.hash_shown_codes",
                every=timedelta(minutes=15),
            )
        )
        HEALTH_CHECKS.register(
            HealthCheck(
                "sign-in providers",
                providers_answer,
                every=timedelta(minutes=1),
                timeout=timedelta(seconds=30),
            )
        )
        COMMANDS.register(
            Command("member", "Look after one account from the terminal", commands.member, commands.arguments)
        )
        bus.subscribe(events.MemberSuspended, tasks.end_sessions, name="accounts.end_sessions")
        signals.authenticator_added.connect(adapters.note_factor_added, dispatch_uid="accounts.added")
        signals.authenticator_removed.connect(adapters.note_factor_removed, dispatch_uid="accounts.removed")
        RESEALS.register(Reseal("accounts.factors", "secret.key", lambda: actions.reseal_factors(SYSTEM)))
        FOREIGN_INVENTORY.register(*library.INVENTORY)
