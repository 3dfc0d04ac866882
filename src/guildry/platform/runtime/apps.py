"""Registration of the runtime app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel.permissions import PERMISSIONS, SYSTEM, Permission, StaffRole
from guildry.kernel.points import (
    COMMANDS,
    COMPONENTS,
    MODULES,
    RELOADS,
    RESEALS,
    RUNTIME_SETTINGS,
    SCHEDULED_JOBS,
    STYLESHEETS,
    Asset,
    Command,
    Component,
    Module,
    Reload,
    Reseal,
    ScheduledJob,
)
from guildry.kernel.runtime import Setting

READ = Permission(
    "config.read",
    "See what is configured, why, and who changed it",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
CHANGE = Permission(
    "config.change",
    "Change what is configured, override it for a while, and rotate secrets",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
)
APPROVE = Permission(
    "config.approve",
    "Approve or decline changes that take two people",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
)
CONSOLE = Module(
    key="ops.configuration",
    label="Configuration",
    icon="settings",
    group="Configure",
    url_name="runtime:keys",
    description="What is configured, why, and what waits for approval",
    placement=frozenset({"console"}),
    permission="config.read",
    order=10,
    keywords=("settings", "limits", "secrets", "rollback", "override"),
)
LIVE = (
    Setting("retention.secrets", timedelta, timedelta(days=7), "retention",
            "How long codes, tokens, tickets and sessions are kept after they were used, revoked or ran out.",
            label="Secrets that are over", minimum=timedelta(hours=1), maximum=timedelta(days=90), risk="confirm",
            owner="security", keywords=("token", "code", "session", "invitation")),
)  # fmt: skip


class RuntimeConfig(AppConfig):
    name = "guildry.platform.runtime"
    label = "runtime"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.kernel.loops import Loop
        from guildry.platform.runtime import actions, commands
        from guildry.platform.runtime.actions.chain import CHANGED

        RUNTIME_SETTINGS.register(*LIVE)
        PERMISSIONS.register(READ, CHANGE, APPROVE)
        MODULES.register(CONSOLE)
        STYLESHEETS.register(Asset("runtime/runtime.css", "console"))
        follower = Loop(
            "runtime follower", lambda: actions.follow_changes(SYSTEM), every=0.5, topics=(CHANGED,)
        )

        def start() -> None:
            actions.start_following(SYSTEM)
            follower.start()

        def stop() -> None:
            follower.stop()
            actions.stop_following(SYSTEM)

        COMMANDS.register(
            Command(
                "config", "Check and change what is configured", commands.config, commands.config_arguments
            )
        )
        RELOADS.register(Reload("configuration", lambda: actions.reload(SYSTEM)))
        RESEALS.register(Reseal("sealed columns", "secret.key", lambda: actions.reseal_secrets(SYSTEM)))
        SCHEDULED_JOBS.register(
            ScheduledJob(
                "runtime.purge_secrets",
                "guildry.platform.runtime.tasks.purge_secrets",
                every=timedelta(hours=1),
            )
        )
        COMPONENTS.register(Component("runtime.follower", start, stop, frozenset({"lifecycle.hints"})))
