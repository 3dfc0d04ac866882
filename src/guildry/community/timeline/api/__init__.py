"""JSON API of the Timeline."""

from guildry.community.timeline.api import drafts, lists, posts, threads
from guildry.community.timeline.api.routing import router

__all__ = ["drafts", "lists", "posts", "router", "threads"]
