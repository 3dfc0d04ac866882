"""Registration of the seeds app."""

from django.apps import AppConfig


class SeedsConfig(AppConfig):
    name = "guildry.ops.seeds"
    label = "seeds"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "operator"

    def ready(self) -> None:
        from guildry.kernel import permissions, points
        from guildry.kernel.permissions import Permission, StaffRole
        from guildry.ops.seeds import queries, tasks

        permissions.PERMISSIONS.register(
            Permission(
                "seeds.load",
                "Load the demo community",
                frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
            )
        )
        points.GREETINGS.register(points.Greeting("seeds", queries.greeting))
        points.COMMANDS.register(
            points.Command("seed", "Load or check the demo community", tasks.seed, tasks.arguments)
        )
