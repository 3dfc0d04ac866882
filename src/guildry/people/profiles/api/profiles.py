"""The directory, profiles, skills, and what one says of oneself."""

from typing import Any

from django.http import HttpRequest
from ninja import File
from ninja.files import UploadedFile

from guildry.kernel import errors
from guildry.kernel.errors import refuses
from guildry.kernel.money import Money
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.people.accounts.models import Hat
from guildry.people.profiles import actions, queries
from guildry.people.profiles.api.routing import own, router, shown
from guildry.people.profiles.api.schemas import (
    AvailabilityIn,
    CardPage,
    MoneyBody,
    ProfileOut,
    SkillOut,
    SkillsIn,
    StoryIn,
    VisibilityIn,
    VisibilityOut,
)
from guildry.people.profiles.models import Availability
from guildry.people.profiles.queries import Suggestion
from guildry.people.profiles.rules import SECTIONS


@router.get("", response=CardPage, summary="List people by name", auth=None)
@public
def list_people(
    request: HttpRequest,
    q: str = "",
    skill: str = "",
    hat: Hat | None = None,
    place: str = "",
    availability: Availability | None = None,
    cursor: str = "",
) -> Any:
    found = queries.search_people(
        viewer_of(request),
        q=q[:80],
        skill=skill[:100],
        hat=hat or "",
        place=place[:80],
        availability=availability or "",
        cursor=cursor,
    )
    return found.page


@router.get("/skills", response=list[SkillOut], summary="Suggest skills for a few letters", auth=None)
@public
def suggest_skills(request: HttpRequest, q: str, limit: int = 8) -> list[Suggestion]:
    return queries.suggest_skills(q[:80], max(1, min(limit, 20)))


@router.get("/me/visibility", response=VisibilityOut, summary="Read who sees what of my profile")
def read_visibility(request: MemberRequest) -> dict[str, Any]:
    return _visibility(request)


@router.get("/{handle}", response=ProfileOut, summary="Read a profile", auth=None)
@public
@refuses(queries.ProfileNotFound)
def read_profile(request: HttpRequest, handle: str) -> dict[str, Any]:
    """A section that its owner does not show to you is absent from `shown` and empty."""
    return shown(queries.sheet(viewer_of(request), handle))


@router.post("/me/portrait", response=ProfileOut, summary="Take a picture as my portrait")
@refuses(actions.PortraitWaiting)
def choose_portrait(request: MemberRequest, file: File[UploadedFile]) -> dict[str, Any]:
    actions.choose_portrait(request.user, file=file)
    return own(request)


@router.delete("/me/portrait", response=ProfileOut, summary="Go back to my drawn portrait")
def drop_portrait(request: MemberRequest) -> dict[str, Any]:
    actions.choose_portrait(request.user, file=None)
    return own(request)


@router.put("/me/story", response=ProfileOut, summary="Write my story and place")
def edit_story(request: MemberRequest, body: StoryIn) -> dict[str, Any]:
    actions.edit_story(request.user, **body.dict())
    return own(request)


@router.put("/me/availability", response=ProfileOut, summary="Say when I am free")
def edit_availability(request: MemberRequest, body: AvailabilityIn) -> dict[str, Any]:
    """Both rates are in one currency; amounts are in its smallest unit."""
    actions.edit_availability(
        request.user,
        availability=body.availability or "",
        available_on=body.available_on,
        hours_per_week=body.hours_per_week,
        day_rate=_money(body.day_rate),
        hour_rate=_money(body.hour_rate),
    )
    return own(request)


@router.put("/me/skills", response=ProfileOut, summary="Choose my skills, in order")
@refuses(actions.SkillUnknown)
def choose_skills(request: MemberRequest, body: SkillsIn) -> dict[str, Any]:
    actions.choose_skills(request.user, names=body.names)
    return own(request)


@router.put("/me/visibility", response=ProfileOut, summary="Choose who sees what of my profile")
def choose_visibility(request: MemberRequest, body: VisibilityIn) -> dict[str, Any]:
    actions.choose_visibility(request.user, **body.dict())
    return own(request)


def _visibility(request: MemberRequest) -> dict[str, Any]:
    profile = queries.own_sheet(request.user).profile
    return {
        "audiences": {section: getattr(profile, f"{section}_shown_to") for section in SECTIONS},
        "is_listed": profile.is_listed,
        "is_indexable": profile.is_indexable,
    }


def _money(body: MoneyBody | None) -> Money | None:
    try:
        return Money(body.minor, body.currency) if body else None
    except ValueError as error:
        raise errors.Invalid("This currency is not one we know.", field="currency") from error
