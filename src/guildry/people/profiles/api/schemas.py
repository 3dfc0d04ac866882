"""The shapes of the API."""

from datetime import date
from enum import StrEnum
from typing import Any

from ninja import Field, Schema

from guildry.kernel.shapes import Body
from guildry.people.profiles.models import Availability, Level
from guildry.people.profiles.rules import Audience
from guildry.platform.files.queries import address_of

# The Timeline has audiences too, and the document gives every shape a name of its own.
SectionAudience = StrEnum("SectionAudience", [(audience.name, audience.value) for audience in Audience])  # type: ignore[misc]


class MoneyBody(Body):
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
    file_url: str = Field(description="Opens the file for a day or two; empty without one.")

    @staticmethod
    def resolve_file_url(item: Any) -> str:
        return address_of(item.file, name=item.file_name) if item.file else ""


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
    portrait: str
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


class StoryIn(Body):
    story: str = Field("", max_length=6000)
    place: str = Field("", max_length=80)


class AvailabilityIn(Body):
    availability: Availability | None = None
    available_on: date | None = None
    hours_per_week: int | None = Field(None, ge=1, le=80)
    day_rate: MoneyBody | None = None
    hour_rate: MoneyBody | None = None


class VisibilityIn(Body):
    audiences: dict[str, SectionAudience] = Field(
        description="Sections left out keep what was chosen for them."
    )
    is_listed: bool
    is_indexable: bool


class SkillsIn(Body):
    names: list[str] = Field(..., max_length=100)


class LanguageIn(Body):
    code: str = Field(..., max_length=3)
    level: Level


class LinkIn(Body):
    label: str = Field(..., min_length=1, max_length=40)
    url: str = Field(..., max_length=200)


class ExperienceIn(Body):
    title: str = Field(..., min_length=1, max_length=80)
    organisation_name: str = Field("", max_length=80)
    place: str = Field("", max_length=80)
    started_on: date
    ended_on: date | None = None
    description: str = Field("", max_length=2000)


class QualificationIn(Body):
    title: str = Field(..., min_length=1, max_length=120)
    awarded_by: str = Field("", max_length=120)
    awarded_on: date | None = None
    expires_on: date | None = None
    reference: str = Field("", max_length=200, description="Where the award can be looked up.")


class PortfolioIn(Body):
    title: str = Field(..., min_length=1, max_length=120)
    description: str = Field("", max_length=2000)
    url: str = Field("", max_length=200)


class VisibilityOut(Schema):
    """Who sees each section, and whether the directory and search engines list me."""

    audiences: dict[str, SectionAudience]
    is_listed: bool
    is_indexable: bool
