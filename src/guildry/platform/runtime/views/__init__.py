"""The configuration in the console: look, change in two steps, approve, take back."""

from guildry.platform.runtime.views import basket, keys, secrets, sets

__all__ = ["basket", "keys", "secrets", "sets"]
