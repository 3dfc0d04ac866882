"""Registration of the runbooks app."""

from typing import Any

from django.apps import AppConfig

from guildry.kernel import permissions, points
from guildry.kernel.guides import GUIDES
from guildry.kernel.permissions import Permission, StaffRole

READ = Permission(
    "runbooks.read",
    "Read what to do when something happens to the site",
    frozenset({StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR}),
    reads_only=True,
)
LIBRARY = points.Module(
    key="ops.runbooks",
    label="Runbooks",
    icon="book-open",
    group="Help",
    url_name="runbooks:library",
    description="What to do when something happens, step by step",
    placement=frozenset({"console"}),
    permission="runbooks.read",
    order=10,
    keywords=("help", "incident", "manual", "what to do"),
)


class RunbooksConfig(AppConfig):
    name = "guildry.ops.runbooks"
    label = "runbooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guildry.ops.runbooks import commands, queries

        permissions.PERMISSIONS.register(READ)
        points.MODULES.register(LIBRARY)
        GUIDES.register(*queries.guides())
        points.STYLESHEETS.register(points.Asset("runbooks/runbooks.css", "console"))
        points.PALETTE_SOURCES.register(points.PaletteSource("runbooks", "Runbooks", search, order=80))
        points.COMMANDS.register(
            points.Command(
                "runbook", "Read what to do when something happens", commands.runbook, commands.arguments
            )
        )


def search(viewer: Any, text: str, limit: int) -> list[points.PaletteItem]:
    """Find runbooks for the palette of those who may read them."""
    from guildry.ops.runbooks import queries

    if viewer is None or not text.strip() or not permissions.has(viewer, "runbooks.read"):
        return []
    return [
        points.PaletteItem(entry.title, queries.address_of(entry.slug), entry.when, "book-open")
        for entry in queries.search(text)[:limit]
    ]
