"""JSON API of people: the directory, profiles, skills, and one's own profile."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from guildry.kernel import errors
from guildry.kernel.money import Money
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.people.accounts.models import Hat
from guildry.people.profiles import actions, queries
from guildry.people.profiles.models import Availability, Level
from guildry.people.profiles.queries import Sheet, Suggestion
from guildry.people.profiles.rules import Audience

router = Router(tags=["people"])


class MoneyBody(Schema):
    minor: int = Field(..., gt=0, lt=2**53)
    currency: str = Field(..., min_length=3, max_length=3)


class CardOut(Schema):
    id: int = Field(..., alias="member.pk")
    handle: str = Field(..., alias="member.handle")
    name: str = Field(..., alias="member.name")
    headline: str = Field(..., alias="member.headline")
    portrait: str = Field(..., alias="member.portrait")
    hats: list[str] = Field(..., alias="member.hats")
    place: str
    availability: str
    skills: list[str]


class CardPage(Schema):
    items: list[CardOut]
    next_cursor: str


class SkillOut(Schema):
    id: int
    key: str
    label: str
    description: str
    matched: str = ""


class ExperienceOut(Schema):
    id: int
    title: str
    organisation_name: str
    place: str
    started_on: date
    ended_on: date | None
    description: str


class QualificationOut(Schema):
    id: int
    title: str
    awarded_by: str
    awarded_on: date | None
    expires_on: date | None
    reference: str


class PortfolioOut(Schema):
    id: int
    title: str
    description: str
    url: str
    file_name: str


class LanguageOut(Schema):
    id: int
    code: str
    level: str


class LinkOut(Schema):
    id: int
    label: str
    url: str


class ProfileOut(Schema):
    """A profile as its reader may see it; a hidden section is absent from `shown` and empty."""

    id: int
    handle: str
    name: str
    headline: str
    hats: list[str]
    time_zone: str
    shown: list[str]
    story: str
    place: str
    availability: str
    available_on: date | None
    hours_per_week: int | None
    day_rate: MoneyBody | None
    hour_rate: MoneyBody | None
    skills: list[SkillOut]
    experience: list[ExperienceOut]
    qualifications: list[QualificationOut]
    portfolio: list[PortfolioOut]
    languages: list[LanguageOut]
    links: list[LinkOut]


class StoryIn(Schema):
    story: str = Field("", max_length=6000)
    place: str = Field("", max_length=80)


class AvailabilityIn(Schema):
    availability: Availability | None = None
    available_on: date | None = None
    hours_per_week: int | None = Field(None, ge=1, le=80)
    day_rate: MoneyBody | None = None
    hour_rate: MoneyBody | None = None


class VisibilityIn(Schema):
    audiences: dict[str, Audience]
    is_listed: bool
    is_indexable: bool


class SkillsIn(Schema):
    names: list[str] = Field(..., max_length=100)


class LanguageIn(Schema):
    code: str = Field(..., max_length=3)
    level: Level


class LinkIn(Schema):
    label: str = Field(..., min_length=1, max_length=40)
    url: str = Field(..., max_length=200)


class ExperienceIn(Schema):
    title: str = Field(..., min_length=1, max_length=80)
    organisation_name: str = Field("", max_length=80)
    place: str = Field("", max_length=80)
    started_on: date
    ended_on: date | None = None
    description: str = Field("", max_length=2000)


def shown(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as the API shows it, with nothing of a section that is hidden."""
    profile, member = sheet.profile, sheet.member
    has_rates, is_free = sheet.shows("rates"), sheet.shows("availability")
    return {
        "id": member.pk,
        "handle": member.handle,
        "name": member.name,
        "headline": member.headline,
        "hats": member.hats,
        "time_zone": member.time_zone if sheet.shows("place") else "",
        "shown": sorted(sheet.shown),
        "story": profile.story if sheet.shows("story") else "",
        "place": profile.place if sheet.shows("place") else "",
        "availability": profile.availability if is_free else "",
        "available_on": profile.available_on if is_free else None,
        "hours_per_week": profile.hours_per_week if is_free else None,
        "day_rate": profile.day_rate if has_rates else None,
        "hour_rate": profile.hour_rate if has_rates else None,
        "skills": [entry.skill for entry in sheet.skills],
        "experience": sheet.experiences,
        "qualifications": sheet.qualifications,
        "portfolio": sheet.portfolio,
        "languages": sheet.languages,
        "links": sheet.links,
    }


@router.get("", response=CardPage, summary="List people by name", auth=None)
@public
def directory(
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
def suggest(request: HttpRequest, q: str, limit: int = 8) -> list[Suggestion]:
    return queries.suggest_skills(q[:80], max(1, min(limit, 20)))


@router.get("/{handle}", response=ProfileOut, summary="Read a profile", auth=None)
@public
def read(request: HttpRequest, handle: str) -> dict[str, Any]:
    return shown(queries.sheet(viewer_of(request), handle))


@router.put("/me/story", response=ProfileOut, summary="Write my story and place")
def story(request: MemberRequest, body: StoryIn) -> dict[str, Any]:
    actions.edit_story(request.user, **body.dict())
    return shown(queries.own_sheet(request.user))


@router.put("/me/availability", response=ProfileOut, summary="Say when I am free")
def availability(request: MemberRequest, body: AvailabilityIn) -> dict[str, Any]:
    actions.edit_availability(
        request.user,
        availability=body.availability or "",
        available_on=body.available_on,
        hours_per_week=body.hours_per_week,
        day_rate=_money(body.day_rate),
        hour_rate=_money(body.hour_rate),
    )
    return shown(queries.own_sheet(request.user))


@router.put("/me/skills", response=ProfileOut, summary="Choose my skills, in order")
def skills(request: MemberRequest, body: SkillsIn) -> dict[str, Any]:
    actions.choose_skills(request.user, names=body.names)
    return shown(queries.own_sheet(request.user))


@router.put("/me/visibility", response=ProfileOut, summary="Choose who sees what")
def visibility(request: MemberRequest, body: VisibilityIn) -> dict[str, Any]:
    actions.choose_visibility(request.user, **body.dict())
    return shown(queries.own_sheet(request.user))


@router.post("/me/experience", response={201: ExperienceOut}, summary="Add an experience")
def add_experience(request: MemberRequest, body: ExperienceIn) -> Status:
    return Status(201, actions.add_experience(request.user, **body.dict()))


@router.post("/me/languages", response={201: LanguageOut}, summary="Add a language")
def add_language(request: MemberRequest, body: LanguageIn) -> Status:
    return Status(201, actions.add_language(request.user, **body.dict()))


@router.post("/me/links", response={201: LinkOut}, summary="Add a link")
def add_link(request: MemberRequest, body: LinkIn) -> Status:
    return Status(201, actions.add_link(request.user, **body.dict()))


@router.delete("/me/{section}/{entry_id}", response={204: None}, summary="Remove an entry")
def remove(request: MemberRequest, section: str, entry_id: int) -> Status:
    actions.remove_detail(request.user, section=section, entry_id=entry_id)
    return Status(204, None)


def _money(body: MoneyBody | None) -> Money | None:
    try:
        return Money(body.minor, body.currency) if body else None
    except ValueError as error:
        raise errors.Invalid("This currency is not one we know.", field="currency") from error
