"""Pages of the network."""

from guildry.people.network.views import acts, cards, pages, palette

__all__ = ["acts", "cards", "pages", "palette"]
