"""Pages of accounts: ways in, second factors, settings, and who is staff."""

from guildry.people.accounts.views import demo, entry, factors, providers, recovery, settings, staff

__all__ = ["demo", "entry", "factors", "providers", "recovery", "settings", "staff"]
