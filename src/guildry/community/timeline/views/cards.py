"""What the Timeline puts on the pages of members and organisations; their posts come when the page is open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from guildry.kernel.permissions import viewer_of
from guildry.ui.pages import markup


def posts_of_member(request: HttpRequest) -> str:
    """The newest posts of the member whose profile is shown."""
    member: Any = request.subject  # type: ignore[attr-defined]
    address = reverse("timeline:by_member", kwargs={"handle": member.handle})
    return _coming(request, address, f"Posts by {member.name}")


def posts_in_organisation(request: HttpRequest) -> str:
    """The newest posts written for the organisation shown, for those who are signed in."""
    organisation: Any = request.subject  # type: ignore[attr-defined]
    if viewer_of(request) is None:
        return ""
    address = reverse("timeline:in_organisation", kwargs={"handle": organisation.handle})
    return _coming(request, address, f"Posts for {organisation.name}")


def _coming(request: HttpRequest, address: str, title: str) -> str:
    return markup(request, "timeline/_coming.html", {"address": address, "title": title})
