"""Registration of the notifications app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus, points
from guildry.kernel.points import RUNTIME_SETTINGS, Asset, Module, NotificationKind, ScheduledJob, SeedPack
from guildry.kernel.runtime import Setting
from guildry.people.notifications import rules

ALERTS = Module(
    "notifications",
    "Notifications",
    "bell",
    "Account",
    "notifications:home",
    "What concerns you",
    frozenset({"bar"}),
    order=20,
    keywords=("alerts", "bell", "mentions", "unread"),
)
PREFERENCES = Module(
    "notifications.preferences",
    "Notifications",
    "bell-ring",
    "Account",
    "notifications:preferences",
    "What you are told, where and when",
    frozenset({"settings"}),
    order=60,
    keywords=("mail", "digest", "quiet hours", "do not disturb", "unsubscribe"),
)
KINDS = (
    NotificationKind(
        "network.request", "Requests to connect", "Somebody wants to connect with you", "Network",
        "user-plus", mail=True,
    ),
    NotificationKind(
        "network.accepted", "Accepted requests", "Somebody you asked is connected with you now", "Network",
        "user-check", mail=True,
    ),
    NotificationKind(
        "network.follow", "New followers", "Somebody follows you", "Network", "user-round",
    ),
    NotificationKind(
        "organisations.invitation", "Invitations", "An organisation invites you to join", "Organisations",
        "building-2",
    ),
    NotificationKind(
        "organisations.request", "Requests to join", "Somebody asks to join an organisation you lead",
        "Organisations", "users-round", mail=True,
    ),
    NotificationKind(
        "organisations.joined", "New memberships", "You belong to an organisation you asked to join",
        "Organisations", "badge-check", mail=True,
    ),
)  # fmt: skip
TASKS = "guildry.people.notifications.tasks"
JOBS = (
    ScheduledJob("notifications.mail", f"{TASKS}.send_due_mail", timedelta(seconds=30)),
    ScheduledJob("notifications.digests", f"{TASKS}.send_due_digests", timedelta(minutes=5)),
    ScheduledJob("notifications.forget_old", f"{TASKS}.forget_old", timedelta(days=1)),
)


LIVE = (
    Setting("notifications.digest_hour", int, rules.DIGEST_HOUR, "notifications", "At what hour of their day members get the next digest that is planned; one that is planned already keeps its hour.",
            label="Hour of digests", unit="o'clock", minimum=0, maximum=23, keywords=("mail", "morning")),
    Setting("retention.notifications", timedelta, rules.KEPT, "retention", "How long notifications are kept.", label="Notifications",
            minimum=timedelta(days=7), maximum=timedelta(days=1095), risk="confirm", owner="operations"),
)  # fmt: skip


class NotificationsConfig(AppConfig):
    name = "guildry.people.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from dataclasses import replace

        from guildry.people.notifications import queries, realtime, seeds
        from guildry.people.notifications.queries import offline

        RUNTIME_SETTINGS.register(*LIVE)
        points.MODULES.register(replace(ALERTS, badge=queries.unread_count), PREFERENCES)
        points.NOTIFICATION_KINDS.register(*KINDS)
        points.SCHEDULED_JOBS.register(*JOBS)
        points.NAMESPACES.register(realtime.NAMESPACE)
        points.OFFLINE_ENTITIES.register(offline.ENTITY)
        points.STYLESHEETS.register(Asset("notifications/notifications.css"))
        points.SCRIPTS.register(Asset("notifications/news.js"))
        points.SEED_PACKS.register(SeedPack("notifications", 100, seeds.steps, after_opening=True))
        _subscribe()


def _subscribe() -> None:
    from guildry.people.accounts import events as accounts
    from guildry.people.network import events as network
    from guildry.people.notifications import tasks
    from guildry.people.organisations import events as organisations

    bus.subscribe(network.MemberFollowed, tasks.tell_followed, name="notifications.followed")
    bus.subscribe(network.ConnectionRequested, tasks.tell_requested, name="notifications.requested")
    bus.subscribe(network.ConnectionAccepted, tasks.tell_accepted, name="notifications.accepted")
    bus.subscribe(network.ConnectionDeclined, tasks.settle_request, name="notifications.declined")
    bus.subscribe(network.ConnectionWithdrawn, tasks.withdraw_request, name="notifications.withdrawn")
    bus.subscribe(network.MemberBlocked, tasks.part_members, name="notifications.blocked")
    bus.subscribe(organisations.InvitationExtended, tasks.tell_invited, name="notifications.invited")
    bus.subscribe(organisations.JoinRequested, tasks.tell_join_requested, name="notifications.join_requested")
    bus.subscribe(organisations.MembershipStarted, tasks.tell_let_in, name="notifications.let_in")
    bus.subscribe(accounts.PreferencesChanged, tasks.plan_digest, name="notifications.plan_digest")
