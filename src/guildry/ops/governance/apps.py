"""Registration of the governance app."""

from datetime import timedelta
from functools import partial

from django.apps import AppConfig

from guildry.kernel import permissions, points
from guildry.kernel.permissions import SYSTEM, Permission, StaffRole
from guildry.kernel.points import ScheduledJob
from guildry.kernel.runtime import Setting
from guildry.kernel.safety import AfterRestore
from guildry.ops.governance.rules.retention import KEPT

OFFICERS = frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR})
RIGHTS = (
    Permission(
        "governance.read",
        "See what data is kept, holds, and what members asked for",
        OFFICERS | {StaffRole.AUDITOR},
        reads_only=True,
    ),
    Permission("governance.retain", "Take away what is old enough", OFFICERS),
    Permission("governance.hold", "Hold data whatever its age, and let it go again", OFFICERS),
    Permission(
        "governance.handle", "Plan, approve and refuse erasures; nobody approves their own plan", OFFICERS
    ),
)
PLACES = (
    points.Module(
        key="ops.governance",
        label="Data governance",
        icon="landmark",
        group="Secure",
        url_name="governance:record",
        description="What is kept of whom and why, and what members asked for",
        placement=frozenset({"console"}),
        permission="governance.read",
        order=60,
        keywords=("gdpr", "privacy", "article 30", "erasure", "export", "retention", "legal hold", "charter"),
    ),
    points.Module(
        key="governance.privacy",
        label="Privacy",
        icon="lock",
        group="Account",
        url_name="governance:privacy",
        description="A copy of your data, and the end of your account",
        placement=frozenset({"settings"}),
        order=64,
        keywords=("export", "download my data", "delete account", "gdpr", "erase", "privacy"),
    ),
)
LIVE = (
    Setting("governance.controller", str, "", "security/governance", "Who answers for the data, as the record of processing names them; the address of the site unless given.",
            label="Controller", example="The Guild, 1 High Street, Leeds", keywords=("gdpr", "article 30")),
    Setting("governance.contact", str, "", "security/governance", "Where members turn to about their data, in the record and in every copy; the sender of mail unless given.",
            label="Contact", form="email", example="privacy@guild.example"),
    Setting("governance.copies_daily", int, 2, "security/governance", "How many copies of their data a member may ask for.", label="Copies", unit="a day",
            minimum=1, maximum=24, keywords=("export", "gdpr")),
    Setting("governance.cool_off", timedelta, timedelta(days=7), "security/governance", "How long a member may take back that they want their account erased.", label="Time to think it over",
            minimum=timedelta(days=1), maximum=timedelta(days=21), risk="confirm", owner="operations", keywords=("erasure", "delete account")),
    *(
        Setting(key, timedelta, default, "retention", doc, label=label, minimum=low, maximum=high, risk="confirm", owner="operations")
        for key, (default, low, high, doc, label) in KEPT.items()
    ),
)  # fmt: skip

KINDS = (
    points.NotificationKind(
        "governance.copy", "Your data", "A copy you asked for is ready, or a request about your data was decided",
        "Account", "lock",
    ),
)  # fmt: skip


class GovernanceConfig(AppConfig):
    name = "guildry.ops.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from guildry.ops.governance import actions, commands, seeds

        permissions.PERMISSIONS.register(*RIGHTS)
        points.MODULES.register(*PLACES)
        points.RUNTIME_SETTINGS.register(*LIVE)
        points.STYLESHEETS.register(points.Asset("governance/governance.css", "console"))
        tasks = "guildry.ops.governance.tasks"
        points.SCHEDULED_JOBS.register(
            ScheduledJob("governance.retention", f"{tasks}.apply_retention", timedelta(days=1)),
            ScheduledJob("governance.erasures", f"{tasks}.carry_on", timedelta(minutes=10)),
            ScheduledJob("governance.expire_copies", f"{tasks}.expire_copies", timedelta(hours=1)),
        )
        points.AFTER_RESTORE.register(
            AfterRestore("governance.erasures", lambda _: actions.erase_again(SYSTEM))
        )
        points.COMPONENTS.register(
            points.Component(
                "governance.erasures", partial(actions.erase_again, SYSTEM), lambda: None,
                start_timeout=timedelta(minutes=30),
            )
        )  # fmt: skip
        points.SEED_PACKS.register(points.SeedPack("governance", 110, seeds.steps, after_opening=True))
        points.NOTIFICATION_KINDS.register(*KINDS)
        points.COMMANDS.register(
            points.Command(
                "privacy", "Say what is kept of whom, and carry out what members ask for", commands.privacy,
                commands.arguments,
            )
        )  # fmt: skip
