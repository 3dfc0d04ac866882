"""Profiles and skills for tests."""

from typing import Any

from guildry.kernel import clock
from guildry.people.accounts.models import Member
from guildry.people.profiles import rules
from guildry.people.profiles.models import MemberSkill, Profile, Skill
from guildry.people.profiles.queries import taxonomy


def make_skills(*labels: str) -> list[int]:
    """Store just these skills of the shipped file and return their ids."""
    index = taxonomy.index()
    ids = [skill_id for label in labels if (skill_id := index.exact(label)) is not None]
    assert len(ids) == len(labels), labels
    for skill_id in ids:
        key, label, description = index.entries[skill_id]
        Skill.objects.get_or_create(
            id=skill_id, defaults={"key": key, "label": label, "source": "esco", "description": description}
        )
    return ids


def make_profile(member: Member, *, skills: tuple[str, ...] = (), **fields: Any) -> Profile:
    """Store a profile directly, listed under the member's name."""
    now = clock.now()
    profile = Profile(
        member=member, sort_key=rules.sort_key(member.name), created_at=now, edited_at=now,
        search_text=rules.fold(f"{member.name} {member.handle} {member.headline}"),
        hats="".join(f"|{hat}" for hat in member.hats) + "|", **fields,
    )  # fmt: skip
    profile.save(force_insert=True)
    MemberSkill.objects.bulk_create(
        MemberSkill(profile=profile, skill_id=skill_id, position=place)
        for place, skill_id in enumerate(make_skills(*skills))
    )
    return profile
