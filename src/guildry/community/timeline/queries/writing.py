"""What a text becomes: safe HTML with its names linked, and whom and what it names."""

from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from guildry.community.timeline import rules
from guildry.kernel import text
from guildry.people.accounts.models import Member


@dataclass(frozen=True)
class Rendered:
    """A cleaned text, its HTML, the ids of the members it mentions and its hashtags, folded."""

    body: str
    html: str
    mentioned_ids: tuple[int, ...]
    hashtags: tuple[str, ...]

    @property
    def text(self) -> Markup:
        return Markup(self.html)  # noqa: S704 - cleaned by `kernel.text.to_html`


def rendered(body: str) -> Rendered:
    """Return the text ready to store; only handles of members become mentions."""
    body = text.clean(body)
    handles = text.mentions_in(body)
    found = (
        dict(Member.objects.filter(handle__in=handles, is_active=True).values_list("handle", "id"))
        if handles
        else {}
    )
    html = rules.link_names(text.to_html(body), found, _profile_of, _page_of)
    mentioned = tuple(found[handle] for handle in handles if handle in found)
    return Rendered(body, html, mentioned, tuple(text.hashtags_in(body)))


def _profile_of(handle: str) -> str:
    return reverse("profiles:profile", kwargs={"handle": handle})


def _page_of(hashtag: str) -> str:
    return reverse("timeline:hashtag", kwargs={"tag": hashtag})
