"""Everything that changes profiles."""

from guildry.people.profiles.actions.details import (
    DetailMissing,
    TooManyEntries,
    add_experience,
    add_language,
    add_link,
    add_portfolio_item,
    add_qualification,
    edit_experience,
    edit_portfolio_item,
    edit_qualification,
    remove_detail,
)
from guildry.people.profiles.actions.profiles import (
    PortraitWaiting,
    choose_portrait,
    choose_visibility,
    edit_availability,
    edit_story,
    start_profile,
)
from guildry.people.profiles.actions.skills import (
    SkillUnknown,
    add_skill,
    choose_skills,
    move_skill,
    remove_skill,
)
from guildry.people.profiles.actions.taxonomy import load_skills

__all__ = [
    "DetailMissing",
    "PortraitWaiting",
    "SkillUnknown",
    "TooManyEntries",
    "add_experience",
    "add_language",
    "add_link",
    "add_portfolio_item",
    "add_qualification",
    "add_skill",
    "choose_portrait",
    "choose_skills",
    "choose_visibility",
    "edit_availability",
    "edit_experience",
    "edit_portfolio_item",
    "edit_qualification",
    "edit_story",
    "load_skills",
    "move_skill",
    "remove_detail",
    "remove_skill",
    "start_profile",
]
