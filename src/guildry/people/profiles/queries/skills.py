"""Skills by name, by member, and what somebody may be typing."""

from guildry.people.profiles.models import MemberSkill
from guildry.people.profiles.queries import taxonomy
from guildry.people.profiles.queries.taxonomy import Suggestion

__all__ = ["Suggestion"]


def suggest_skills(text: str, limit: int = 8) -> list[Suggestion]:
    """Return the skills somebody may be typing, the likeliest first."""
    return taxonomy.index().suggest(text, limit)


def near_skills(text: str, limit: int = 3) -> list[Suggestion]:
    """Return the skills whose names resemble a text that names none."""
    return taxonomy.index().near(text, limit)


def skill_called(name: str) -> int | None:
    """Return the id of the skill with that name or other name, whatever its case and accents."""
    return taxonomy.index().exact(name)


def skill_by_key(key: str) -> Suggestion | None:
    """Return the skill that addresses call by `key`."""
    skill_id = taxonomy.index().by_key.get(key)
    return None if skill_id is None else skill_by_id(skill_id)


def skill_by_id(skill_id: int) -> Suggestion:
    return Suggestion(skill_id, *taxonomy.index().entries[skill_id])


def skills_of(member_ids: list[int], *, limit: int = 0) -> dict[int, list[str]]:
    """Return the labels of each member's skills, in their order, at most `limit` each when it is given."""
    rows = MemberSkill.objects.filter(profile_id__in=member_ids).order_by("profile_id", "position")
    found: dict[int, list[str]] = {member_id: [] for member_id in member_ids}
    for member_id, label, position in rows.values_list("profile_id", "skill__label", "position"):
        if not limit or position < limit:
            found[member_id].append(label)
    return found


def skill_ids_of(member_id: int) -> list[int]:
    """Return the ids of a member's skills, in their order."""
    return list(MemberSkill.objects.filter(profile_id=member_id).values_list("skill_id", flat=True))
