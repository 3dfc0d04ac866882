"""The one router of the API of people, who reads, and a profile as the API shows it."""

from typing import Any

from ninja import Router

from guildry.kernel.permissions import MemberRequest
from guildry.people.profiles import queries
from guildry.people.profiles.queries import Sheet

router = Router(tags=["people"])


def shown(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as the API shows it, with nothing of a section that is hidden."""
    profile, member = sheet.profile, sheet.member
    has_rates, is_free = sheet.shows("rates"), sheet.shows("availability")
    return {
        "id": member.pk,
        "handle": member.handle,
        "name": member.name,
        "headline": member.headline,
        "portrait": member.portrait,
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


def own(request: MemberRequest) -> dict[str, Any]:
    """Return the caller's own profile with everything on it."""
    return shown(queries.own_sheet(request.user))
