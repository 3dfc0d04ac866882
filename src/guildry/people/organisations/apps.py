"""Registration of the organisations app."""

from django.apps import AppConfig

from guildry.kernel import bus, points
from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import FileUse, SeedPack

INSPECT = Permission(
    "organisations.inspect",
    "See closed organisations and who belonged to them",
    frozenset({StaffRole.MODERATOR, StaffRole.SUPPORT_AGENT, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
OVERSEE = Permission(
    "organisations.oversee",
    "Edit, close and reopen any organisation and change its people",
    frozenset({StaffRole.MODERATOR, StaffRole.ADMINISTRATOR}),
)
MARK = FileUse(
    "organisations.mark",
    frozenset({"image/png", "image/jpeg", "image/webp"}),
    4 * 1024 * 1024,
    image_widths=(96, 288),
)


class OrganisationsConfig(AppConfig):
    name = "guildry.people.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.people.organisations import seeds, tasks
        from guildry.people.organisations.events import InvitationExtended

        PERMISSIONS.register(INSPECT, OVERSEE)
        bus.subscribe(InvitationExtended, tasks.queue_invitation, name="organisations.queue_invitation")
        points.SEED_PACKS.register(SeedPack("organisations", 20, seeds.load))
        points.FILE_USES.register(MARK)
