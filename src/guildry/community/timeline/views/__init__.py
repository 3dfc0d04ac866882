"""Pages of the Timeline."""

from guildry.community.timeline.views import composing, lists, posts

__all__ = ["composing", "lists", "posts"]
