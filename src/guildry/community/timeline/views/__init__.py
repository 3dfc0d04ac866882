"""Pages of the Timeline."""

from guildry.community.timeline.views import cards, composing, lists, palette, posts

__all__ = ["cards", "composing", "lists", "palette", "posts"]
