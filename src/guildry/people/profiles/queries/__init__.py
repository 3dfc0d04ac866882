"""What is asked of profiles, of the directory of people, and of the skills."""

from guildry.people.profiles.queries.directory import Card, directory, people_for_palette
from guildry.people.profiles.queries.profiles import (
    ProfileNotFound,
    Sheet,
    language_names,
    own_sheet,
    profile_of,
    sheet,
    steps_of,
)
from guildry.people.profiles.queries.skills import (
    Suggestion,
    near_skills,
    skill_by_key,
    skill_called,
    skill_ids_of,
    skills_of,
    suggest_skills,
)

__all__ = [
    "Card",
    "ProfileNotFound",
    "Sheet",
    "Suggestion",
    "directory",
    "language_names",
    "near_skills",
    "own_sheet",
    "people_for_palette",
    "profile_of",
    "sheet",
    "skill_by_key",
    "skill_called",
    "skill_ids_of",
    "skills_of",
    "steps_of",
    "suggest_skills",
]
