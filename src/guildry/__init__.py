"""Guildry: a self-hostable home for a professional community and the work it does."""
