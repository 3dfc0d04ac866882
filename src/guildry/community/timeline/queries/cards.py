"""Posts as readers see them: one shape for pages and JSON, read with compiled queries.

A page of cards costs one query, and one more each when there are reposts, images or polls on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec
from django.db.models import Exists, OuterRef, Subquery
from markupsafe import Markup

from guildry.community.timeline import rules
from guildry.community.timeline.models import PollOption, PollVote, Post, PostImage, Reaction, Save
from guildry.community.timeline.models.posts import PostQuerySet
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel import clock
from guildry.kernel.compiled import CompiledQuery
from guildry.kernel.permissions import Actor
from guildry.platform.files.queries import address_of

PAGE = 20
NEWEST = 2**63 - 1
# Ids begin at 1, so a guest reads as a member whom nobody knows.
NOBODY = 0


class Author(msgspec.Struct, frozen=True):
    id: int
    handle: str
    name: str
    headline: str
    portrait: str


class Readers(msgspec.Struct, frozen=True):
    """The organisation a post is for."""

    id: int
    handle: str
    name: str


class Preview(msgspec.Struct, frozen=True):
    url: str
    title: str
    description: str
    site: str
    image: str


class Image(msgspec.Struct, frozen=True):
    """`small` and `large` are signed addresses of two widths; the focus is in percent."""

    small: str
    large: str
    description: str
    width: int
    height: int
    focus_x: int
    focus_y: int


class Option(msgspec.Struct, frozen=True):
    """One answer; its votes are None while the viewer may not know them."""

    id: int
    text: str
    vote_count: int | None
    percent: int | None


class PollCard(msgspec.Struct, frozen=True):
    """Results show to its author, to those who voted, and to everybody once it is closed."""

    question: str
    closes_at: datetime
    is_open: bool
    vote_count: int
    my_option_id: int | None
    shows_results: bool
    options: tuple[Option, ...]


class PostCard(msgspec.Struct, frozen=True):
    """One post for one viewer; `original` is what a repost passes on, when the viewer may read it."""

    kinds: ClassVar[tuple[ReactionKind, ...]] = tuple(ReactionKind)

    id: int
    author: Author
    html: str
    audience: str
    organisation: Readers | None
    version: int
    published_at: datetime
    edited_at: datetime | None
    reaction_count: int
    comment_count: int
    repost_count: int
    my_reaction: str
    is_saved: bool
    is_reposted: bool
    is_mine: bool
    is_repost: bool
    preview: Preview | None
    images: tuple[Image, ...]
    poll: PollCard | None
    original: "PostCard | None"
    why: str = ""

    @property
    def text(self) -> Markup:
        """What the post says, rendered and cleaned when it was written."""
        return Markup(self.html)  # noqa: S704 - only `queries.rendered` makes it

    @property
    def summary(self) -> str:
        return rules.summary_of(self.html, 80) or "A post without words"

    @property
    def is_bare(self) -> bool:
        return self.is_repost and not self.html

    @property
    def shown(self) -> "PostCard":
        """What to show in the place of this post: a bare repost is the post it passes on."""
        return self.original if self.is_bare and self.original else self

    @property
    def readers(self) -> Audience:
        return Audience(self.audience)

    @property
    def reaction(self) -> ReactionKind | None:
        return ReactionKind(self.my_reaction) if self.my_reaction else None

    @property
    def is_edited(self) -> bool:
        return self.edited_at is not None

    @property
    def may_edit(self) -> bool:
        return self.is_mine and rules.may_edit(
            is_author=self.is_mine, published_at=self.published_at, now=clock.now()
        )

    @property
    def may_be_reposted(self) -> bool:
        return rules.may_repost(self.audience)


# What `_card` takes apart, in this order.
COLUMNS = (
    *("id", "html", "audience", "version", "published_at", "edited_at"),
    *(
        "reaction_count",
        "comment_count",
        "repost_count",
        "is_repost",
        "repost_of_id",
        "image_count",
        "has_poll",
    ),
    *("author_id", "author__handle", "author__name", "author__headline", "author__portrait"),
    *("organisation_id", "organisation__handle", "organisation__name"),
    *("preview__url", "preview__title", "preview__description", "preview__site", "preview__image"),
    *("my_reaction", "is_saved", "is_reposted"),
)
_ID, _REPOST_OF, _IMAGE_COUNT, _HAS_POLL = map(
    COLUMNS.index, ("id", "repost_of_id", "image_count", "has_poll")
)


def rows_for(viewer: int, posts: PostQuerySet) -> Any:
    """Select what a card needs, including what the viewer did with each post."""
    reactions = Reaction.objects.filter(post_id=OuterRef("pk"), member_id=viewer)
    return posts.annotate(
        my_reaction=Subquery(reactions.values("kind")[:1]),
        is_saved=Exists(Save.objects.filter(member_id=viewer, post_id=OuterRef("pk"))),
        is_reposted=Exists(Post.objects.filter(author_id=viewer, repost_of_id=OuterRef("pk"), is_bare=True)),
    ).values_list(*COLUMNS)


VISIBLE = CompiledQuery(
    "timeline.visible",
    lambda viewer, posts: rows_for(viewer, Post.objects.visible_to_member(viewer).filter(pk__in=posts)),
    loose_truths=True,
    viewer=int,
    posts=PAGE,
)
IMAGES = CompiledQuery(
    "timeline.images",
    lambda posts: (
        PostImage.objects.filter(post_id__in=posts)
        .order_by("post_id", "position")
        .values_list("post_id", "key", "description", "width", "height", "focus_x", "focus_y")
    ),
    posts=2 * PAGE,
)
OPTIONS = CompiledQuery(
    "timeline.options",
    lambda viewer, posts: (
        PollOption.objects.filter(poll__post_id__in=posts)
        .annotate(
            mine=Subquery(
                PollVote.objects.filter(poll_id=OuterRef("poll_id"), member_id=viewer).values("option_id")[:1]
            )
        )
        .order_by("poll_id", "position")
        .values_list(
            *("poll__post_id", "poll__post__author_id", "poll__question", "poll__closes_at"),
            *("mine", "id", "text", "vote_count"),
        )
    ),
    viewer=int,
    posts=2 * PAGE,
)


def id_of(viewer: Actor | None) -> int:
    return (viewer.pk if viewer else None) or NOBODY


def cards(viewer: Actor | None, post_ids: Sequence[int]) -> list[PostCard]:
    """Return those of at most a page of posts that the viewer may see, in the order of the ids."""
    rows = {row[0]: row for row in VISIBLE(viewer=id_of(viewer), posts=post_ids)} if post_ids else {}
    return dressed(viewer, [rows[post_id] for post_id in post_ids if post_id in rows])


def dressed(viewer: Actor | None, found: Iterable[tuple[Any, ...]]) -> list[PostCard]:
    """Make cards of rows that `rows_for` selected: bring originals, images and polls."""
    reader, rows = id_of(viewer), list(found)
    originals = _originals(reader, rows)
    shown = [*rows, *originals.values()]
    images = _images([row[_ID] for row in shown if row[_IMAGE_COUNT]])
    polls = _polls(reader, [row[_ID] for row in shown if row[_HAS_POLL]])
    if not (originals or images or polls):
        return [_card(reader, row) for row in rows]

    def dress(row: tuple[Any, ...], original: PostCard | None = None) -> PostCard:
        return _card(reader, row, tuple(images.get(row[_ID], ())), polls.get(row[_ID]), original)

    passed_on = {post_id: dress(row) for post_id, row in originals.items()}
    return [dress(row, passed_on.get(row[_REPOST_OF])) for row in rows]


def explained(found: Iterable[PostCard], reasons: dict[int, str]) -> list[PostCard]:
    return [msgspec.structs.replace(card, why=reasons[card.id]) for card in found]


def _originals(reader: int, rows: list[tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    wanted = list({row[_REPOST_OF] for row in rows if row[_REPOST_OF]})
    return {row[_ID]: row for row in VISIBLE(viewer=reader, posts=wanted)} if wanted else {}


def _images(post_ids: list[int]) -> dict[int, list[Image]]:
    found: dict[int, list[Image]] = defaultdict(list)
    for post_id, key, *rest in IMAGES(posts=post_ids) if post_ids else ():
        found[post_id].append(Image(address_of(key, width=640), address_of(key, width=1280), *rest))
    return found


def _polls(reader: int, post_ids: list[int]) -> dict[int, PollCard]:
    options = defaultdict(list)
    for post_id, *option in OPTIONS(viewer=reader, posts=post_ids) if post_ids else ():
        options[post_id].append(option)
    return {post_id: _poll(reader, found) for post_id, found in options.items()}


def _poll(reader: int, rows: list[list[Any]]) -> PollCard:
    author_id, question, closes_at, mine, *_ = rows[0]
    total = sum(row[-1] for row in rows)
    is_open = rules.is_open_poll(closes_at, clock.now())
    is_known = not is_open or mine is not None or author_id == reader
    options = tuple(
        Option(
            option_id, text, votes if is_known else None, rules.percent(votes, total) if is_known else None
        )
        for *_, option_id, text, votes in rows
    )
    return PollCard(question, closes_at, is_open, total, mine, is_known, options)


def _card(
    reader: int,
    row: tuple[Any, ...],
    images: tuple[Image, ...] = (),
    poll: PollCard | None = None,
    original: PostCard | None = None,
) -> PostCard:
    # fmt: off
    (
        post_id, html, audience, version, published_at, edited_at,
        reaction_count, comment_count, repost_count, is_repost, _repost_of, _image_count, _has_poll,
        author_id, author_handle, author_name, author_headline, author_portrait,
        organisation_id, organisation_handle, organisation_name,
        preview_url, preview_title, preview_description, preview_site, preview_image,
        my_reaction, is_saved, is_reposted,
    ) = row
    # fmt: on
    return PostCard(
        post_id,
        Author(author_id, author_handle, author_name, author_headline, author_portrait),
        html,
        audience,
        Readers(organisation_id, organisation_handle, organisation_name) if organisation_id else None,
        version,
        published_at,
        edited_at,
        reaction_count,
        comment_count,
        repost_count,
        my_reaction or "",
        bool(is_saved),
        bool(is_reposted),
        author_id == reader,
        bool(is_repost),
        _preview(preview_url, preview_title, preview_description, preview_site, preview_image),
        images,
        poll,
        original,
    )


def _preview(url: str, title: str, description: str, site: str, image: str) -> Preview | None:
    if not url:
        return None
    return Preview(url, title, description, site, address_of(image, width=640) if image else "")
