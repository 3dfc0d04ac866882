"""What the command palette finds in one's network."""

from typing import Any

from django.urls import reverse

from guildry.kernel.points import PaletteItem
from guildry.people.network import queries
from guildry.ui.portraits import portrait_url


def connections(viewer: Any, text: str, limit: int) -> list[PaletteItem]:
    """Return connections of a signed-in member by name or handle."""
    return [
        PaletteItem(
            member.name,
            reverse("profiles:profile", kwargs={"handle": member.handle}),
            member.headline,
            "user-check",
            portrait_url(member.handle, member.portrait, 28),
        )
        for member in queries.connections_called(viewer, text, limit)
    ]
