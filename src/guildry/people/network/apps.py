"""Registration of the network app."""

from django.apps import AppConfig

from guildry.kernel import points
from guildry.kernel.points import RUNTIME_SETTINGS, Asset, Card, Circle, Module, PaletteSource, SeedPack
from guildry.kernel.runtime import Setting
from guildry.people.network import rules

NETWORK = Module(
    "network",
    "Network",
    "users-round",
    "Network",
    "network:home",
    "The people you know, follow, and may want to meet",
    frozenset({"rail", "bar", "tabs"}),
    order=20,
    keywords=("connections", "requests", "followers", "following", "suggestions"),
)
SHIELDS = Module(
    "network.shields",
    "Blocked and muted",
    "shield",
    "Account",
    "network:shields",
    "Whom you keep away, and of whom you hear nothing",
    frozenset({"settings"}),
    order=70,
    keywords=("block", "mute", "unblock", "unmute", "privacy"),
)


LIVE = (
    Setting("network.follows_hourly", int, rules.FOLLOWS_HOURLY, "network", "How many members and organisations somebody may begin to follow; new members at most 20.", label="Follows", unit="an hour",
            minimum=1, maximum=1000),
    Setting("network.requests_daily", int, rules.REQUESTS_DAILY, "network", "How many connections somebody may ask for; new members at most 10.", label="Requests to connect", unit="a day",
            minimum=1, maximum=1000),
)  # fmt: skip


class NetworkConfig(AppConfig):
    name = "guildry.people.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"
    owner = "administrator"

    def ready(self) -> None:
        from guildry.people.network import queries, seeds
        from guildry.people.network.views import cards, palette

        RUNTIME_SETTINGS.register(*LIVE)
        points.CIRCLES.register(Circle("network", queries.connection_ids, queries.blocked_ids))
        points.MODULES.register(NETWORK, SHIELDS)
        points.STYLESHEETS.register(Asset("network/network.css"))
        points.PALETTE_SOURCES.register(
            PaletteSource("connections", "Your connections", palette.connections, order=15)
        )
        points.CARDS.register(
            Card("network.relation", "profile", cards.relation, order=10),
            Card("network.next_step", "people", cards.next_step, order=10),
            Card("network.nearby", "timeline", cards.nearby, order=50),
            Card("network.counts", "profile.aside", cards.counts, order=10),
        )
        points.SEED_PACKS.register(
            SeedPack("network", 60, seeds.steps, after_opening=True),
            SeedPack("network.later", 80, seeds.later_steps, after_opening=True),
        )
