"""Finding people by name, skill, hat, place and availability."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from guildry.kernel import paging
from guildry.people.accounts.models import Member
from guildry.people.profiles import rules
from guildry.people.profiles.models import MemberSkill, Profile
from guildry.people.profiles.queries.profiles import nearness
from guildry.people.profiles.queries.skills import (
    Suggestion,
    near_skills,
    skill_by_id,
    skill_by_key,
    skill_called,
)

PAGE_SIZE = 24
CARD_SKILLS = 4


@dataclass(frozen=True)
class Found:
    """One page of a search, the skill its words named, or what skills they may have meant."""

    page: paging.Page["Card"]
    skill: Suggestion | None
    meant: list[Suggestion]


@dataclass(frozen=True)
class Card:
    """One person in the list; what the viewer may not see is empty."""

    member: Member
    place: str
    availability: str
    available_on: date | None
    skills: tuple[str, ...]


def directory(
    viewer: Member | None,
    *,
    text: str = "",
    skill_id: int | None = None,
    hat: str = "",
    place: str = "",
    availability: str = "",
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> paging.Page[Card]:
    """Return listed people by name; a filter finds only those whose section the viewer may see."""
    rows = Profile.objects.visible_to(viewer).filter(is_listed=True)
    for word in rules.fold(text).split()[:6]:
        rows = rows.filter(search_text__contains=word)
    if skill_id is not None:
        rows = rows.showing("skills", viewer)
        rows = rows.filter(pk__in=MemberSkill.objects.filter(skill_id=skill_id).values("profile_id"))
    if hat:
        rows = rows.filter(hats__contains=f"|{hat}|")
    if place:
        rows = rows.showing("place", viewer).filter(place__icontains=place)
    if availability:
        rows = rows.showing("availability", viewer).filter(availability=availability)
    if cursor:
        key, after = paging.decode_cursor(cursor, str, int)
        rows = rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, pk__gt=after))
    found = list(rows.select_related("member").order_by("sort_key", "pk")[: size + 1])
    page = paging.page_of(found, size, "sort_key", "pk")
    return paging.Page(_cards(viewer, list(page.items)), page.next_cursor)


def search_people(
    viewer: Member | None,
    *,
    q: str = "",
    skill: str = "",
    place: str = "",
    hat: str = "",
    availability: str = "",
    cursor: str = "",
) -> Found:
    """Return the people that answers to a search form find; a skill is named as people name it, or by its key."""
    wanted = _skill(skill)
    if skill.strip() and wanted is None:
        return Found(paging.Page([]), None, near_skills(skill, 4))
    page = directory(
        viewer,
        text=q,
        skill_id=wanted.id if wanted else None,
        place=place.strip(),
        hat=hat,
        availability=availability,
        cursor=cursor,
    )
    return Found(page, wanted, [])


def _skill(name: str) -> Suggestion | None:
    skill_id = skill_called(name) if name.strip() else None
    return skill_by_id(skill_id) if skill_id is not None else skill_by_key(name.strip())


def people_for_palette(viewer: Any, text: str, limit: int) -> list[Card]:
    """Return people by name, handle or headline for the command palette."""
    return list(directory(viewer, text=text, size=limit).items)


def _cards(viewer: Member | None, profiles: list[Profile]) -> list[Card]:
    near = nearness(viewer, [profile.pk for profile in profiles])
    with_skills = [p.pk for p in profiles if rules.sees(near[p.pk], p.skills_shown_to)]
    skills: dict[int, list[str]] = {}
    rows = MemberSkill.objects.filter(profile_id__in=with_skills, position__lt=CARD_SKILLS).order_by(
        "position"
    )
    for member_id, label in rows.values_list("profile_id", "skill__label"):
        skills.setdefault(member_id, []).append(label)
    return [_card(profile, near[profile.pk], tuple(skills.get(profile.pk, ()))) for profile in profiles]


def _card(profile: Profile, near: rules.Closeness, skills: tuple[str, ...]) -> Card:
    tells_when = rules.sees(near, profile.availability_shown_to)
    return Card(
        profile.member,
        profile.place if rules.sees(near, profile.place_shown_to) else "",
        profile.availability if tells_when else "",
        profile.available_on if tells_when else None,
        skills,
    )
