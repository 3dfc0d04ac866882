"""Posts as cards: drawn once for each shape a card can have, then only filled in."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.template import engines
from django.urls import reverse
from markupsafe import Markup

from guildry.community.timeline.queries import PostCard
from guildry.ui import formatting, portraits, scene, stencils

_time = formatting.time_tag(scene.zone_of_reader)


@cache
def _macros() -> Any:
    """Return the macros of the card's template, whose icons and shapes are kept with it."""
    engine: Any = engines["jinja2"]
    return engine.env.get_template("timeline/_card.html").module


@cache
def _beginnings() -> tuple[str, str]:
    """Return how the addresses of posts and of people begin."""
    return reverse("timeline:post", kwargs={"post_id": 0})[:-2], reverse("profiles:directory")


def articles(posts: Sequence[PostCard], viewer: Any, secret: Any, acts: Any, first: int) -> Markup:
    """Return posts as cards one after the other, `first` being the place of the first one in the whole feed."""
    return Markup("").join(
        article(post, viewer, secret, acts, place) for place, post in enumerate(posts, first)
    )


def article(post: PostCard, viewer: Any, secret: Any, acts: Any, position: int = 0) -> Markup:
    """Return a post as its card for this viewer, `position` being its place in the whole feed or 0 outside of one."""
    macros, (posts, people) = _macros(), _beginnings()
    shown = post.shown
    author, organisation = shown.author, shown.organisation
    shape = (
        shown.audience,
        shown.edited_at is not None,
        shown.reaction,
        shown.is_saved,
        shown.is_reposted,
        shown.may_be_reposted,
        viewer is not None,
        position > 0,
        author.headline != "",
    )
    is_more = shown.images or shown.poll or shown.preview or shown.is_repost
    values = (
        f"{posts}{shown.id}/",
        f"{people}{author.handle}/",
        shown.id,
        shown.text,
        shown.reaction_count,
        shown.comment_count,
        shown.repost_count,
        author.name,
        author.headline,
        post.id,
        position,
        portraits.portrait_url(author.handle, author.portrait),
        _time(shown.published_at),
        macros.above(post, viewer) if post.is_repost or post.why else "",
        macros.to(organisation) if organisation else "",
        macros.below(post, shown, viewer, secret, acts) if is_more else "",
    )
    return stencils.fill(macros.card, shape, values)
