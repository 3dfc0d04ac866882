"""Registration of the organisations app."""

from datetime import timedelta

from django.apps import AppConfig

from guildry.kernel import bus, points
from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import RUNTIME_SETTINGS, Asset, FileUse, Module, PaletteSource, SeedPack
from guildry.kernel.runtime import Setting
from guildry.people.organisations import rules

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
DIRECTORY = Module(
    "organisations",
    "Organisations",
    "building-2",
    "Network",
    "organisations:directory",
    "Companies, agencies, charities and guild chapters",
    frozenset({"rail", "bar", "tabs", "public"}),
    public=True,
    order=40,
    keywords=("companies", "agencies", "charities", "chapters", "employers"),
)
MINE = Module(
    "my_organisations",
    "My organisations",
    "landmark",
    "Network",
    "organisations:mine",
    "Where you belong, and invitations waiting for you",
    frozenset({"account"}),
    order=41,
    keywords=("memberships", "invitations", "team"),
)


LIVE = (
    Setting("organisations.founded_daily", int, rules.ORGANISATIONS_PER_DAY, "organisations", "How many organisations a member may found.", label="Organisations founded", unit="a day",
            minimum=1, maximum=100),
    Setting("organisations.requests_daily", int, rules.REQUESTS_PER_DAY, "organisations", "How many organisations a member may ask to join.", label="Requests to join", unit="a day",
            minimum=1, maximum=500),
    Setting("organisations.invitations_daily", int, rules.INVITATIONS_PER_DAY, "organisations", "How many people an organisation may invite.", label="Invitations", unit="a day",
            minimum=1, maximum=1000),
    Setting("organisations.invitation_lifetime", timedelta, rules.INVITATION_LIFETIME, "organisations", "How long an invitation can be accepted.", label="Life of an invitation",
            minimum=timedelta(hours=1), maximum=timedelta(days=90)),
)  # fmt: skip


class OrganisationsConfig(AppConfig):
    name = "guildry.people.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from guildry.people.organisations import queries, seeds, tasks
        from guildry.people.organisations.events import InvitationExtended
        from guildry.people.organisations.views import shared

        RUNTIME_SETTINGS.register(*LIVE)
        PERMISSIONS.register(INSPECT, OVERSEE)
        bus.subscribe(InvitationExtended, tasks.queue_invitation, name="organisations.queue_invitation")
        points.SEED_PACKS.register(
            SeedPack("organisations", 20, seeds.steps),
            SeedPack("organisations.later", 55, seeds.later_steps, after_opening=True, totals=seeds.totals),
        )
        points.STYLESHEETS.register(Asset("organisations/organisations.css"))
        points.FILE_USES.register(
            FileUse(
                "organisations.mark",
                frozenset({"image/png", "image/jpeg", "image/webp"}),
                4_000_000,
                image_widths=(96, 288),
                image_ratio=(1, 1),
                in_use=queries.marks_in_use,
            )
        )
        points.ADMISSIONS.register(points.Admission("organisations", queries.is_invited))
        points.MODULES.register(DIRECTORY, MINE)
        points.PALETTE_SOURCES.register(
            PaletteSource("organisations", "Organisations", shared.palette, order=30)
        )
