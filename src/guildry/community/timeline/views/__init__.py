"""Pages of the Timeline."""

from guildry.community.timeline.views import composing, lists, palette, posts

__all__ = ["composing", "lists", "palette", "posts"]
