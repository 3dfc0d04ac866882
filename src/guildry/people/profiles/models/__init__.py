"""Profiles and what stands in them."""

from guildry.people.profiles.models.profiles import (
    Availability,
    Experience,
    Language,
    Level,
    Link,
    PortfolioItem,
    Profile,
    Qualification,
)
from guildry.people.profiles.models.skills import MemberSkill, Skill, SkillRelease

__all__ = [
    "Availability",
    "Experience",
    "Language",
    "Level",
    "Link",
    "MemberSkill",
    "PortfolioItem",
    "Profile",
    "Qualification",
    "Skill",
    "SkillRelease",
]
