"""Posts as cards: drawn once for each shape a card can have, then only filled in."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.template import engines
from django.urls import reverse
from markupsafe import Markup, _escape_inner

from guildry.community.timeline import rules
from guildry.community.timeline.queries import PostCard
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel import clock
from guildry.ui import formatting, portraits, scene, stencils

VALUES = 16
_KINDS: dict[str, ReactionKind | None] = {"": None, **{kind.value: kind for kind in ReactionKind}}
_REPOSTABLE = {audience.value: rules.may_repost(audience) for audience in Audience}


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
    draw = _drawer(viewer, secret, acts)
    drawn = [draw(post, place) for place, post in enumerate(posts, first)]
    return Markup("".join(drawn))  # noqa: S704 - the template draws it, and what fills it is escaped


def article(post: PostCard, viewer: Any, secret: Any, acts: Any, position: int = 0) -> Markup:
    """Return a post as its card for this viewer, `position` being its place in the whole feed or 0 outside of one."""
    return articles([post], viewer, secret, acts, position)


def _drawer(viewer: Any, secret: Any, acts: Any) -> Callable[[PostCard, int], str]:
    """Return a function that draws cards for one viewer, with all that is the same for each of them at hand."""
    macros, (posts, people) = _macros(), _beginnings()
    card, is_member = macros.card, viewer is not None
    form_of, portrait_url = stencils.form_of, portraits.portrait_url
    told = formatting.teller(scene.zone_of_reader(), clock.now())

    def draw(post: PostCard, position: int) -> str:
        shown = post.shown if post.is_repost else post
        author, audience = shown.author, shown.audience
        shape = (
            audience, shown.edited_at is not None, _KINDS[shown.my_reaction], shown.is_saved, shown.is_reposted,
            _REPOSTABLE[audience], is_member, position > 0, author.headline != "",
        )  # fmt: skip
        is_more = shown.images or shown.poll or shown.preview or shown.is_repost
        handle = _escape_inner(author.handle)
        ready = (
            f"{posts}{shown.id}/",
            f"{people}{handle}/",
            str(shown.id),
            shown.html,
            str(shown.reaction_count),
            str(shown.comment_count),
            str(shown.repost_count),
            _escape_inner(author.name),
            _escape_inner(author.headline),
            str(post.id),
            str(position),
            _escape_inner(portrait_url(author.handle, author.portrait)),
            told(shown.published_at),
            macros.above(post, viewer) if post.is_repost or post.why else "",
            macros.to(shown.organisation) if shown.organisation else "",
            macros.below(post, shown, viewer, secret, acts) if is_more else "",
        )
        return form_of(card, shape, VALUES).fill(ready)

    return draw
