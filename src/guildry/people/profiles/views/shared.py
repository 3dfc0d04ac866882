"""What several pages of profiles need."""

from typing import Any
from urllib.parse import urlsplit

from babel.numbers import format_currency
from django.http import HttpRequest
from django.urls import reverse
from markupsafe import Markup

from guildry.kernel import points
from guildry.kernel.money import Money
from guildry.people.accounts.models import Member
from guildry.people.profiles import queries
from guildry.platform.files import queries as files
from guildry.ui.portraits import portrait_url


def cards(request: HttpRequest, page: str) -> list[Markup]:
    """Return what other apps put on a page of ours, in order; `request.subject` tells them whose page it is."""
    found = sorted((card for card in points.CARDS if card.page == page), key=lambda card: card.order)
    return [Markup(markup) for card in found if (markup := card.render(request))]  # noqa: S704 - made by our apps


def cards_for_each(request: HttpRequest, page: str, members: list[Member]) -> dict[int, list[Markup]]:
    """Return what other apps put beside each of several members; `request.subjects` lets them ask once for all."""
    request.subjects = members  # type: ignore[attr-defined]
    found: dict[int, list[Markup]] = {}
    for member in members:
        request.subject = member  # type: ignore[attr-defined]
        found[member.pk] = cards(request, page)
    return found


EDITED_AT = {
    "headline": "basics",
    "place": "story",
    **{key: key for key in ("portrait", "story", "skills", "availability")},
}


def edit_address(key: str) -> str:
    """Return the page on which a step or section of one's own profile is edited."""
    if key in EDITED_AT:
        return reverse(f"profiles:{EDITED_AT[key]}")
    return reverse("profiles:entries", kwargs={"section": key})


def host(address: str) -> str:
    """Return the part of an address that people recognise."""
    return urlsplit(address).netloc.removeprefix("www.")


def amount(money: Money | None) -> str:
    return format_currency(money.amount, money.currency, locale="en_GB") if money else ""


def helpers() -> dict[str, Any]:
    """Return the functions that templates of profiles call."""
    return {"edit_address": edit_address, "host": host, "address_of": files.address_of}


def palette(viewer: Any, text: str, limit: int) -> list[points.PaletteItem]:
    """Return people for the command palette."""
    return [
        points.PaletteItem(
            card.member.name,
            reverse("profiles:profile", kwargs={"handle": card.member.handle}),
            card.member.headline,
            "user-round",
            portrait_url(card.member.handle, card.member.portrait, 28),
        )
        for card in queries.people_for_palette(viewer, text, limit)
    ]
