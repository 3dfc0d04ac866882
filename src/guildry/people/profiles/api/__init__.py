"""JSON API of people: the directory, profiles, skills, and one's own profile."""

from guildry.people.profiles.api import details, profiles
from guildry.people.profiles.api.routing import router

__all__ = ["details", "profiles", "router"]
