"""The Timeline of a member or guest, and every other list of posts, page by page."""

from collections.abc import Sequence
from typing import Any

from guildry.community.timeline.models import Hashtag, Post
from guildry.community.timeline.models.posts import PostQuerySet
from guildry.community.timeline.queries.cards import (
    NEWEST,
    PAGE,
    PostCard,
    cards,
    dressed,
    id_of,
    rows_for,
)
from guildry.kernel import errors
from guildry.kernel.compiled import CompiledQuery
from guildry.kernel.paging import Page, decode_cursor, encode_cursor
from guildry.kernel.permissions import Actor
from guildry.people.accounts.models import Member
from guildry.people.accounts.queries import member_by_handle
from guildry.people.network.queries import blocked_ids, following_ids

# Up to so many authors their posts are looked up one author after the other; beyond, enough of all recent posts are
# theirs to walk down all of them.
FEW_AUTHORS = 256
LOOKED_THROUGH = 20_000


class MemberNotFound(errors.NotFound):
    detail = "There is no such member, or their posts are not for you to read."


def _newest(posts: PostQuerySet, before: int, viewer: int) -> PostQuerySet:
    return rows_for(viewer, posts.filter(id__lt=before)).order_by("-id")[: PAGE + 1]


LATEST = CompiledQuery(
    "timeline.latest",
    lambda viewer, before: _newest(Post.objects.listed_for_member(viewer), before, viewer),
    walks=True,
    loose_truths=True,
    viewer=int,
    before=int,
)
BY_FEW = CompiledQuery(
    "timeline.by_few",
    lambda viewer, before, authors: _newest(
        Post.objects.listed_for_member(viewer).filter(author_id__in=authors), before, viewer
    ),
    walks=True,
    loose_truths=True,
    viewer=int,
    before=int,
    authors=FEW_AUTHORS,
)
BY_MANY = CompiledQuery(
    "timeline.by_many",
    lambda viewer, before: _newest(
        Post.objects.listed_for_member(viewer).followed_by(viewer), before, viewer
    ),
    walks=True,
    loose_truths=True,
    viewer=int,
    before=int,
)


def latest(viewer: Actor | None, *, cursor: str = "") -> Page[PostCard]:
    """Return every post for the viewer, newest first."""
    return _cut(viewer, LATEST(viewer=id_of(viewer), before=before(cursor)))


def following(viewer: Actor, *, cursor: str = "") -> Page[PostCard]:
    """Return the posts of the viewer and those they follow, newest first."""
    member = id_of(viewer)
    authors = [member, *following_ids(member)]
    if len(authors) <= FEW_AUTHORS:
        return _cut(viewer, BY_FEW(viewer=member, before=before(cursor), authors=authors))
    return _cut(viewer, BY_MANY(viewer=member, before=before(cursor)))


def author_named(viewer: Actor | None, handle: str) -> Member:
    """Return the member of that handle; raises MemberNotFound, for a block either way too."""
    found = member_by_handle(handle)
    if found is None or (viewer is not None and found.pk in blocked_ids(id_of(viewer))):
        raise MemberNotFound
    return found


def posts_by(viewer: Actor | None, *, author_id: int, cursor: str = "") -> Page[PostCard]:
    return _page(viewer, Post.objects.visible_to(viewer), "id", cursor, author_id=author_id)


def posts_for_organisation(viewer: Actor | None, *, organisation_id: int, cursor: str = "") -> Page[PostCard]:
    """Return the posts written for an organisation, for those who belong to it."""
    return _page(viewer, Post.objects.listed_for(viewer), "id", cursor, organisation_id=organisation_id)


def posts_about(viewer: Actor | None, *, hashtag: Hashtag, cursor: str = "") -> Page[PostCard]:
    carried = {"tagged__hashtag_id": hashtag.pk}
    return _page(viewer, Post.objects.listed_for(viewer), "tagged__post_id", cursor, **carried)


def saved_posts(viewer: Actor, *, cursor: str = "") -> Page[PostCard]:
    """Return what the viewer keeps for later, the last saved first."""
    kept = {"saves__member_id": viewer.pk}
    return _page(viewer, Post.objects.visible_to(viewer), "saves__id", cursor, **kept)


def count_of_new(viewer: Actor, *, after: int, tab: str = "latest", most: int = 99) -> int:
    """Return how many posts by others came after one, `most` at the most."""
    posts = Post.objects.listed_for(viewer).filter(id__gt=after).exclude(author_id=viewer.pk)
    if tab == "following":
        posts = posts.followed_by(id_of(viewer))
    return posts[:most].count()


def posts_containing(viewer: Actor | None, text: str, *, most: int = 6) -> list[PostCard]:
    """Return recent posts listed for the viewer whose words contain the text; only the newest are looked through."""
    newest = Post.objects.order_by("-id").values_list("id", flat=True).first() or 0
    listed = Post.objects.listed_for(viewer).filter(id__gt=newest - LOOKED_THROUGH, body__icontains=text)
    return cards(viewer, list(listed.order_by("-id").values_list("id", flat=True)[:most]))


def before(cursor: str) -> int:
    """Return the id a page begins below; raises InvalidCursor."""
    return decode_cursor(cursor, int)[0] if cursor else NEWEST


def _page(viewer: Actor | None, posts: PostQuerySet, key: str, cursor: str, **where: Any) -> Page[PostCard]:
    """Choose ids by a descending key below the cursor, then bring their cards."""
    where[f"{key}__lt"] = before(cursor)
    keys = list(posts.filter(**where).order_by(f"-{key}").values_list("id", key)[: PAGE + 1])
    found = cards(viewer, [post_id for post_id, _ in keys[:PAGE]])
    return Page(found, encode_cursor(keys[PAGE - 1][1]) if len(keys) > PAGE else "")


def _cut(viewer: Actor | None, rows: Sequence[tuple[Any, ...]]) -> Page[PostCard]:
    found = dressed(viewer, rows[:PAGE])
    return Page(found, encode_cursor(found[-1].id) if len(rows) > PAGE else "")
