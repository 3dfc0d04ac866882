"""Pages of notifications."""

from guildry.people.notifications.views import news, wishes

__all__ = ["news", "wishes"]
