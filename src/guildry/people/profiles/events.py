"""Facts about profiles."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class ProfileEdited(Fact):
    """A member changed a section of their profile: story, place, skills …"""

    member_id: int
    section: str


@dataclass(frozen=True)
class SkillsChosen(Fact):
    member_id: int
    skill_ids: tuple[int, ...]


@dataclass(frozen=True)
class VisibilityChosen(Fact):
    member_id: int
