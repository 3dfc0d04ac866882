"""What a member's device may keep of the Timeline: the newest posts and who wrote them, what they saved, their drafts."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from guildry.community.timeline.queries.cards import Author, PostCard
from guildry.community.timeline.queries.posts import drafts_of
from guildry.community.timeline.queries.timeline import latest, saved_posts
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel.offline import OfflineEntity, OfflineEnum, OfflineField, OfflineRecord, Shape

AUDIENCE = OfflineEnum("Audience", tuple(Audience))
REACTION = OfflineEnum("ReactionKind", tuple(ReactionKind))
LINK_PREVIEW = OfflineRecord(
    "LinkPreview",
    tuple(
        OfflineField(name, Shape.TEXT, (f"timeline.LinkPreview.{name}",))
        for name in ("url", "title", "description", "site")
    ),
)
POST = OfflineRecord(
    "Post",
    (
        OfflineField("id", Shape.TEXT, ("timeline.Post.id",)),
        OfflineField("author_id", Shape.TEXT, ("timeline.Post.author",)),
        OfflineField("html", Shape.TEXT, ("timeline.Post.html",)),
        OfflineField("audience", AUDIENCE, ("timeline.Post.audience",)),
        OfflineField("organisation_id", Shape.TEXT, ("timeline.Post.organisation",), optional=True),
        OfflineField("repost_of_id", Shape.TEXT, ("timeline.Post.repost_of",), optional=True),
        OfflineField("version", Shape.NUMBER, ("timeline.Post.version",)),
        OfflineField("published_at", Shape.MOMENT, ("timeline.Post.published_at",)),
        OfflineField("edited_at", Shape.MOMENT, ("timeline.Post.edited_at",), optional=True),
        OfflineField("reaction_count", Shape.NUMBER, ("timeline.Post.reaction_count",), volatile=True),
        OfflineField("comment_count", Shape.NUMBER, ("timeline.Post.comment_count",), volatile=True),
        OfflineField("repost_count", Shape.NUMBER, ("timeline.Post.repost_count",), volatile=True),
        OfflineField("my_reaction", REACTION, ("timeline.Reaction.kind",), optional=True, volatile=True),
        OfflineField("is_saved", Shape.TRUTH, ("timeline.Save.post",), volatile=True),
        OfflineField("preview", LINK_PREVIEW, optional=True, volatile=True),
    ),
)
AUTHOR = OfflineRecord(
    "Person",
    (
        OfflineField("id", Shape.TEXT, ("accounts.Member.id",)),
        *(
            OfflineField(name, Shape.TEXT, (f"accounts.Member.{name}",))
            for name in ("handle", "name", "headline", "portrait")
        ),
    ),
)
PICTURE = OfflineRecord(
    "DraftPicture",
    tuple(
        OfflineField(name, shape, ("timeline.Draft.pictures",))
        for name, shape in (
            *(("key", Shape.TEXT), ("description", Shape.TEXT)),
            *(("focus_x", Shape.NUMBER), ("focus_y", Shape.NUMBER)),
        )
    ),
)
POLL = OfflineRecord(
    "DraftPoll",
    (
        OfflineField("question", Shape.TEXT, ("timeline.Draft.poll",)),
        OfflineField("options", Shape.TEXT, ("timeline.Draft.poll",), many=True),
        OfflineField("days", Shape.NUMBER, ("timeline.Draft.poll",)),
    ),
)
DRAFT = OfflineRecord(
    "Draft",
    (
        OfflineField("id", Shape.TEXT, ("timeline.Draft.id",)),
        OfflineField("body", Shape.TEXT, ("timeline.Draft.body",)),
        OfflineField("audience", AUDIENCE, ("timeline.Draft.audience",)),
        OfflineField("organisation_id", Shape.TEXT, ("timeline.Draft.organisation",), optional=True),
        OfflineField("pictures", PICTURE, many=True),
        OfflineField("poll", POLL, optional=True),
        OfflineField("scheduled_for", Shape.MOMENT, ("timeline.Draft.scheduled_for",), optional=True),
        OfflineField("version", Shape.NUMBER, ("timeline.Draft.version",)),
        OfflineField("saved_at", Shape.MOMENT, ("timeline.Draft.saved_at",)),
    ),
)


def newest_posts(viewer: Any) -> list[dict[str, Any]]:
    """Return the first page of the Timeline, with whatever its reposts pass on."""
    return [_post(card) for card in _with_originals(latest(viewer).items)]


def authors(viewer: Any) -> list[dict[str, Any]]:
    """Return whoever wrote what `newest_posts` returns."""
    met: dict[int, Author] = {card.author.id: card.author for card in _with_originals(latest(viewer).items)}
    return [
        {"id": str(a.id), "handle": a.handle, "name": a.name, "headline": a.headline, "portrait": a.portrait}
        for a in met.values()
    ]


def kept_posts(viewer: Any) -> list[dict[str, Any]]:
    """Return the first page of what the viewer saved."""
    return [_post(card) for card in saved_posts(viewer).items]


def drafts(viewer: Any) -> list[dict[str, Any]]:
    """Return what the viewer is still writing."""
    return [
        {
            "id": str(draft.pk),
            "body": draft.body,
            "audience": draft.audience,
            "organisation_id": _id(draft.organisation_id),
            "pictures": [_cut(PICTURE, picture) for picture in draft.pictures],
            "poll": _cut(POLL, draft.poll) if draft.poll else None,
            "scheduled_for": draft.scheduled_for,
            "version": draft.version,
            "saved_at": draft.saved_at,
        }
        for draft in drafts_of(viewer)
    ]


def _with_originals(cards: Iterable[PostCard]) -> Sequence[PostCard]:
    shown = {part.id: part for card in cards for part in (card, card.original) if part is not None}
    return list(shown.values())


def _post(card: PostCard) -> dict[str, Any]:
    taken = ("html", "audience", "version", "published_at", "edited_at", "is_saved")
    counted = ("reaction_count", "comment_count", "repost_count")
    return {
        **{name: getattr(card, name) for name in (*taken, *counted)},
        "id": str(card.id),
        "author_id": str(card.author.id),
        "organisation_id": _id(card.organisation.id if card.organisation else None),
        "repost_of_id": _id(card.original.id if card.original else None),
        "my_reaction": card.my_reaction or None,
        "preview": card.preview
        and {part.name: getattr(card.preview, part.name) for part in LINK_PREVIEW.fields},
    }


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _cut(record: OfflineRecord, held: dict[str, Any]) -> dict[str, Any]:
    return {part.name: held[part.name] for part in record.fields}


ENTITIES = (
    OfflineEntity(
        "timeline_posts", "Newest posts", POST, newest_posts, timedelta(days=7), version="version"
    ),
    OfflineEntity("people", "Authors of the newest posts", AUTHOR, authors, timedelta(days=7)),
    OfflineEntity(
        "saved_posts", "Saved posts", POST, kept_posts, timedelta(days=30), version="version",
        reveals=("timeline.Save.post",),
    ),
    OfflineEntity("drafts", "Drafts", DRAFT, drafts, timedelta(days=30), version="version"),
)  # fmt: skip
