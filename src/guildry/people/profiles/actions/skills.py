"""The skills a member says they have, chosen from the shared vocabulary."""

from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors
from guildry.people.profiles import queries, rules
from guildry.people.profiles.actions.profiles import own_profile
from guildry.people.profiles.events import SkillsChosen
from guildry.people.profiles.models import MemberSkill, Profile, Skill


class SkillUnknown(errors.Invalid):
    problem = errors.problem("skill-unknown", 422, "No such skill")

    def __init__(self, name: str) -> None:
        near = [suggestion.label for suggestion in queries.near_skills(name, 3)]
        self.suggestions = near
        meant = f" Did you mean {_listed(near)}?" if near else " Try another word for it."
        super().__init__(f"There is no skill called {name}.{meant}", field="skill")


class TooManySkills(errors.Invalid):
    problem = errors.problem("too-many-skills", 422, "That is a lot of skills")
    detail = f"A profile holds {rules.SKILLS} skills. Remove one first."


def add_skill(actor: Any, *, name: str) -> MemberSkill:
    """Add the skill of that name, or that other name of it; raises SkillUnknown, TooManySkills or Invalid."""
    skill_id = queries.skill_called(name)
    if skill_id is None:
        raise SkillUnknown(name.strip()[:80])
    with transaction.atomic():
        profile = own_profile(actor)
        chosen = _chosen(profile)
        if skill_id in chosen:
            raise errors.Invalid("You have that skill already.", field="skill")
        _put(actor, profile, [*chosen, skill_id])
        return MemberSkill.objects.select_related("skill").get(profile=profile, skill_id=skill_id)


def choose_skills(actor: Any, *, names: list[str]) -> list[MemberSkill]:
    """Replace all skills, in the given order; raises SkillUnknown for the first name nobody knows, or TooManySkills."""
    wanted: list[int] = []
    for name in names:
        skill_id = queries.skill_called(name)
        if skill_id is None:
            raise SkillUnknown(name.strip()[:80])
        wanted.append(skill_id)
    with transaction.atomic():
        profile = own_profile(actor)
        _put(actor, profile, list(dict.fromkeys(wanted)))
        return list(MemberSkill.objects.filter(profile=profile).select_related("skill"))


def remove_skill(actor: Any, *, skill_id: int) -> None:
    """Take a skill off; one that is not there stays off."""
    with transaction.atomic():
        profile = own_profile(actor)
        _put(actor, profile, [chosen for chosen in _chosen(profile) if chosen != skill_id])


def move_skill(actor: Any, *, skill_id: int) -> None:
    """Put a skill first, because the first ones are shown on cards; raises NotFound when the member lacks it."""
    with transaction.atomic():
        profile = own_profile(actor)
        chosen = _chosen(profile)
        if skill_id not in chosen:
            raise errors.NotFound
        _put(actor, profile, [skill_id, *(other for other in chosen if other != skill_id)])


def _chosen(profile: Profile) -> list[int]:
    return list(MemberSkill.objects.filter(profile=profile).values_list("skill_id", flat=True))


def _put(actor: Any, profile: Profile, wanted: list[int]) -> None:
    if len(wanted) > rules.SKILLS:
        raise TooManySkills(field="skill")
    if Skill.objects.filter(pk__in=wanted).count() != len(wanted):
        raise errors.Unavailable("The list of skills is still being loaded. Try again in a moment.")
    MemberSkill.objects.filter(profile=profile).delete()
    MemberSkill.objects.bulk_create(
        [
            MemberSkill(profile=profile, skill_id=skill_id, position=place)
            for place, skill_id in enumerate(wanted)
        ]
    )
    profile.edited_at = clock.now()
    profile.save(update_fields=["edited_at"])
    bus.publish(SkillsChosen(profile.pk, tuple(wanted)), actor=actor)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
