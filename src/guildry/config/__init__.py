"""Composition root: settings, addresses, API, realtime and the `guildry` command."""
