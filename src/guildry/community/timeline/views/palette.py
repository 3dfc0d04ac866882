"""What the command palette finds on the Timeline."""

from typing import Any

from django.urls import reverse

from guildry.community.timeline import queries
from guildry.kernel.points import PaletteItem
from guildry.ui.portraits import portrait_url


def hashtags(viewer: Any, text: str, limit: int) -> list[PaletteItem]:
    """Return hashtags that begin with the text."""
    return [
        PaletteItem(
            f"#{found.name}", reverse("timeline:hashtag", kwargs={"tag": found.name}), "Hashtag", "newspaper"
        )
        for found in queries.hashtags_like(text, most=limit)
    ]


def posts(viewer: Any, text: str, limit: int) -> list[PaletteItem]:
    """Return recent posts that the viewer may read and whose words contain the text."""
    return [
        PaletteItem(
            card.summary,
            reverse("timeline:post", kwargs={"post_id": card.id}),
            card.author.name,
            "message-circle",
            portrait_url(card.author.handle, card.author.portrait, 28),
        )
        for card in queries.posts_containing(viewer, text, most=limit)
    ]
