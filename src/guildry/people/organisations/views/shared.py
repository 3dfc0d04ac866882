"""What several pages of organisations need."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from markupsafe import Markup

from guildry.kernel import points
from guildry.kernel.permissions import viewer_of
from guildry.people.organisations import actions, queries
from guildry.people.organisations.models import Organisation
from guildry.people.organisations.queries import Standing
from guildry.ui.portraits import mark_url


def opened(request: HttpRequest, handle: str, *, right: str = "") -> tuple[Organisation, Standing]:
    """Return the organisation of a page and how its reader stands to it; raises RightMissing.

    `request.subject` tells the cards of other apps whose page it is.
    """
    viewer = viewer_of(request)
    organisation = queries.organisation_by_handle(viewer, handle)
    standing = queries.standing(viewer, organisation)
    if right and not standing.may(right):
        raise actions.RightMissing
    request.subject = organisation  # type: ignore[attr-defined]
    return organisation, standing


def cards(request: HttpRequest, page: str) -> list[Markup]:
    """Return what other apps put on a page of ours, in order."""
    found = sorted((card for card in points.CARDS if card.page == page), key=lambda card: card.order)
    return [Markup(markup) for card in found if (markup := card.render(request))]  # noqa: S704 - made by our apps


def palette(viewer: Any, text: str, limit: int) -> list[points.PaletteItem]:
    """Return organisations for the command palette."""
    return [
        points.PaletteItem(
            found.name,
            reverse("organisations:organisation", kwargs={"handle": found.handle}),
            found.tagline or found.get_kind_display(),
            "building-2",
            mark_url(found.handle, found.mark, 28),
        )
        for found in queries.search_for_palette(viewer, text, limit)
    ]
