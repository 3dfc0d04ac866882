"""One post and what hangs on it: its thread, its history, who reacted, and the compositions of its author."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from markupsafe import Markup

from guildry.community.timeline.models import Comment, Draft, Post, Reaction
from guildry.community.timeline.queries.cards import Author, PostCard, cards, id_of
from guildry.community.timeline.rules import ReactionKind, may_edit
from guildry.kernel import clock, errors
from guildry.kernel.compiled import CompiledQuery
from guildry.kernel.paging import Page, decode_cursor, encode_cursor
from guildry.kernel.permissions import Actor
from guildry.people.organisations.models import Organisation
from guildry.people.organisations.queries import organisations_of

COMMENTS = 50
PEOPLE = 50


class PostNotFound(errors.NotFound):
    detail = "There is no such post, or it is not for you to read."


class CommentNotFound(errors.NotFound):
    detail = "There is no such comment, or it is not for you to read."


class DraftNotFound(errors.NotFound):
    detail = "There is no such draft. It may have been published already."


class CommentCard(msgspec.Struct, frozen=True):
    """One comment for one viewer; a deleted one keeps its place and nothing else."""

    id: int
    author: Author | None
    html: str
    depth: int
    parent_id: int | None
    created_at: datetime
    edited_at: datetime | None
    is_deleted: bool
    is_mine: bool

    @property
    def text(self) -> Markup:
        return Markup(self.html)  # noqa: S704 - only `queries.rendered` makes it

    @property
    def may_edit(self) -> bool:
        return may_edit(is_author=self.is_mine, published_at=self.created_at, now=clock.now())


class ReactionCard(msgspec.Struct, frozen=True):
    author: Author
    kind: ReactionKind


class Version(msgspec.Struct, frozen=True):
    version: int
    html: str
    written_at: datetime

    @property
    def text(self) -> Markup:
        return Markup(self.html)  # noqa: S704 - only `queries.rendered` makes it


READABLE = CompiledQuery(
    "timeline.readable",
    lambda viewer, post: Post.objects.visible_to_member(viewer).filter(pk=post).values_list("pk"),
    viewer=int,
    post=int,
)


def post_card(viewer: Actor | None, post_id: int) -> PostCard:
    """Return one post; raises PostNotFound."""
    found = cards(viewer, [post_id])
    if not found:
        raise PostNotFound
    return found[0]


def require_visible(viewer: Actor | None, post_id: int) -> None:
    """Raise PostNotFound unless the viewer may read the post."""
    if not READABLE(viewer=id_of(viewer), post=post_id):
        raise PostNotFound


def post_for(viewer: Actor | None, post_id: int) -> Post:
    """Return a post the viewer may read; raises PostNotFound."""
    require_visible(viewer, post_id)
    return _only(Post.objects.filter(pk=post_id), PostNotFound)


def comment_for(viewer: Actor | None, comment_id: int) -> Comment:
    """Return a live comment under a post the viewer may read; raises CommentNotFound."""
    live = Comment.objects.visible_to(viewer).filter(pk=comment_id, deleted_at=None)
    comment = _only(live.select_related("post")[:1], CommentNotFound)
    if not READABLE(viewer=id_of(viewer), post=comment.post_id):
        raise CommentNotFound
    return comment


def draft_for(viewer: Actor | None, draft_id: int) -> Draft:
    """Return the viewer's own draft; raises DraftNotFound."""
    return _only(Draft.objects.visible_to(viewer).filter(pk=draft_id)[:1], DraftNotFound)


def drafts_of(member: Actor) -> list[Draft]:
    """Return what the member is still writing: scheduled ones first, then the last saved."""
    found = Draft.objects.visible_to(member).select_related("organisation").order_by("-saved_at", "-id")
    return sorted(found[:100], key=lambda draft: draft.scheduled_for is None)


def counts_of(post_id: int) -> dict[str, int] | None:
    """Return the counts of a live post that everybody may read, by their names on its card."""
    names = ("reaction_count", "comment_count", "repost_count")
    for row in Post.objects.public().filter(pk=post_id).values(*names)[:1]:
        return {"post_id": post_id, **row}
    return None


def readers_of(post_id: int) -> tuple[int, str, int | None] | None:
    """Return the author, audience and organisation of a post, also of one that was deleted."""
    return Post.objects.filter(pk=post_id).values_list("author_id", "audience", "organisation_id").first()


def organisations_to_write_for(member: Any) -> list[Organisation]:
    return organisations_of(member.pk)


def comments_on(viewer: Actor | None, *, post_id: int, cursor: str = "") -> Page[CommentCard]:
    """Return comments in reading order: each answer below what it answers."""
    comments = Comment.objects.visible_to(viewer).filter(post_id=post_id)
    if cursor:
        comments = comments.filter(path__gt=decode_cursor(cursor, str)[0])
    rows = list(comments.select_related("author").order_by("path")[: COMMENTS + 1])
    found = [_comment_card(row, id_of(viewer)) for row in rows[:COMMENTS]]
    return Page(found, encode_cursor(rows[COMMENTS - 1].path) if len(rows) > COMMENTS else "")


def comment_card(viewer: Actor | None, comment: Comment) -> CommentCard:
    return _comment_card(comment, id_of(viewer))


def reactions_to(viewer: Actor | None, *, post_id: int, cursor: str = "") -> Page[ReactionCard]:
    """Return who reacted to a post the viewer may read, the last first."""
    require_visible(viewer, post_id)
    reactions = Reaction.objects.filter(post_id=post_id, member__is_active=True)
    if cursor:
        reactions = reactions.filter(id__lt=decode_cursor(cursor, int)[0])
    rows = list(reactions.select_related("member").order_by("-id")[: PEOPLE + 1])
    found = [ReactionCard(_author(row.member), ReactionKind(row.kind)) for row in rows[:PEOPLE]]
    return Page(found, encode_cursor(rows[PEOPLE - 1].pk) if len(rows) > PEOPLE else "")


def versions_of(viewer: Actor | None, *, post_id: int) -> list[Version]:
    """Return everything the post ever said, the current text first."""
    post = post_for(viewer, post_id)
    earlier = post.revisions.order_by("-version").values_list("version", "html", "written_at")
    current = Version(post.version, post.html, post.edited_at or post.published_at)
    return [current, *(Version(*row) for row in earlier)]


def _only(found: Iterable[Any], refusal: type[errors.NotFound]) -> Any:
    for row in found:
        return row
    raise refusal


def _author(member: Any) -> Author:
    return Author(member.pk, member.handle, member.name, member.headline, member.portrait)


def _comment_card(comment: Comment, reader: int) -> CommentCard:
    is_deleted = comment.deleted_at is not None or not comment.author.is_active
    return CommentCard(
        id=comment.pk,
        author=None if is_deleted else _author(comment.author),
        html="" if is_deleted else comment.html,
        depth=comment.depth,
        parent_id=comment.parent_id,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        is_deleted=is_deleted,
        is_mine=comment.author_id == reader,
    )
