"""Registration of the profiles app."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "guildry.people.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.kernel import bus, permissions, points
        from guildry.kernel.permissions import Permission, StaffRole
        from guildry.people.accounts import events
        from guildry.people.profiles import seeds, tasks

        staff = {StaffRole.MODERATOR, StaffRole.SUPPORT_AGENT, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}
        permissions.PERMISSIONS.register(
            Permission(
                "profiles.inspect", "See every section of every profile", frozenset(staff), reads_only=True
            ),
            Permission(
                "profiles.load_skills",
                "Load the list of skills",
                frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
            ),
        )
        for fact in (events.MemberJoined, events.MemberPresented, events.MemberRenamed, events.HatsChosen):
            bus.subscribe(fact, tasks.follow_account, name="profiles.follow_account")
        points.SEED_PACKS.register(points.SeedPack("profiles", 30, seeds.load))
        points.COMPONENTS.register(
            points.Component(
                "skills",
                tasks.load_skills,
                tasks.nothing_to_stop,
                frozenset({"database"}),
                frozenset({"web"}),
            )
        )
