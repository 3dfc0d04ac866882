"""Registration of the profiles app."""

from django.apps import AppConfig

from guildry.kernel import bus, points
from guildry.kernel.permissions import PERMISSIONS, Permission, StaffRole
from guildry.kernel.points import Asset, Component, FileUse, Module, PaletteSource, SeedPack
from guildry.ui import portraits

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
INSPECT = Permission(
    "profiles.inspect",
    "See every section of every profile",
    frozenset({StaffRole.MODERATOR, StaffRole.SUPPORT_AGENT, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
LOAD_SKILLS = Permission(
    "profiles.load_skills",
    "Load the list of skills",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR}),
)
PEOPLE = Module(
    "people",
    "People",
    "users",
    "Network",
    "profiles:directory",
    "Find members by name, skill, hat and place",
    frozenset({"rail", "bar", "tabs", "public"}),
    public=True,
    order=30,
    keywords=("directory", "members", "freelancers", "mentors", "search"),
)
MINE = Module(
    "my_profile",
    "My profile",
    "user-round",
    "Account",
    "profiles:home",
    "What others see of you, and who sees it",
    frozenset({"account"}),
    order=10,
    keywords=("skills", "portfolio", "experience", "rates", "availability", "privacy"),
)


class ProfilesConfig(AppConfig):
    name = "guildry.people.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from guildry.people.accounts import events
        from guildry.people.profiles import queries, seeds, tasks
        from guildry.people.profiles.queries import offline
        from guildry.people.profiles.views import shared
        from guildry.platform.files.queries import address_of

        PERMISSIONS.register(INSPECT, LOAD_SKILLS)
        for fact in (events.MemberJoined, events.MemberPresented, events.MemberRenamed, events.HatsChosen):
            bus.subscribe(fact, tasks.follow_account, name="profiles.follow_account")
        points.SEED_PACKS.register(
            SeedPack("profiles", 30, seeds.steps),
            SeedPack("profiles.later", 70, seeds.later_steps, after_opening=True, totals=seeds.totals),
        )
        points.COMPONENTS.register(
            Component("profiles.skills", tasks.load_skills, tasks.nothing_to_stop, roles=frozenset({"web"}))
        )
        portraits.serve_files_with(address_of)
        points.OFFLINE_ENTITIES.register(offline.ENTITY)
        points.STYLESHEETS.register(Asset("profiles/profiles.css"))
        points.MODULES.register(PEOPLE, MINE)
        points.PALETTE_SOURCES.register(PaletteSource("people", "People", shared.palette, order=20))
        points.FILE_USES.register(
            FileUse("profiles.portrait", PICTURES, 4_000_000, (96, 288), (1, 1), queries.portraits_in_use),
            FileUse(
                "profiles.portfolio",
                PICTURES | {"application/pdf"},
                10_000_000,
                (480, 1280),
                None,
                queries.portfolio_files_in_use,
            ),
        )
