"""The Timeline For you: what is known about recent posts from one member's side, ranked by the rules."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from guildry.community.timeline import rules
from guildry.community.timeline.models import Dismissal, HashtagFollow, Post, PostHashtag, Reaction
from guildry.community.timeline.models.posts import connection_with_author
from guildry.community.timeline.queries.cards import NEWEST, PAGE, PostCard, cards, explained, id_of
from guildry.community.timeline.rules import Candidate, Snapshot
from guildry.kernel import clock
from guildry.kernel.compiled import CompiledQuery
from guildry.kernel.paging import InvalidCursor, Page, decode_cursor, encode_cursor
from guildry.kernel.permissions import Actor
from guildry.people.network.models import Follow
from guildry.people.network.queries import connection_ids
from guildry.people.organisations.models import Membership

# How many of a member's interests and connections count; the first ones when there are more.
INTERESTS = 64
CONNECTIONS = 512


def _shared_organisation(viewer: int) -> Any:
    mine = Membership.objects.filter(
        member_id=viewer, is_current=True, organisation_id=OuterRef("organisation_id")
    )
    theirs = Membership.objects.filter(Exists(mine), member_id=OuterRef("author_id"), is_current=True)
    return theirs.order_by("organisation_id").values("organisation__name")[:1]


def _candidates(viewer: int, boundary: int, floor: int) -> Any:
    posts = Post.objects.listed_for_member(viewer).filter(id__lte=boundary, id__gte=floor)
    return (
        posts.filter(~Exists(Dismissal.objects.filter(member_id=viewer, post_id=OuterRef("pk"))))
        .annotate(
            is_followed=Exists(Follow.objects.filter(follower_id=viewer, followed_id=OuterRef("author_id"))),
            is_connected=Exists(connection_with_author(viewer)),
            shared=Subquery(_shared_organisation(viewer)),
        )
        .order_by("-id")
        .values_list(
            *("id", "author_id", "author__name", "published_at", "reaction_count", "comment_count"),
            *("is_followed", "is_connected", "shared"),
        )
    )


FIRST_WINDOW = CompiledQuery(
    "timeline.first_window",
    lambda viewer: _candidates(viewer, NEWEST, 0)[: rules.CANDIDATES],
    walks=True,
    viewer=int,
)
SAME_WINDOW = CompiledQuery(
    "timeline.same_window", _candidates, walks=True, viewer=int, boundary=int, floor=int
)
OLDER = CompiledQuery(
    "timeline.older",
    lambda viewer, before: (
        Post.objects.listed_for_member(viewer)
        .filter(id__lt=before)
        .order_by("-id")
        .values_list("id")[: PAGE + 1]
    ),
    walks=True,
    viewer=int,
    before=int,
)
TAGGED = CompiledQuery(
    "timeline.tagged",
    lambda first, last, hashtags: (
        PostHashtag.objects.filter(post_id__gte=first, post_id__lte=last, hashtag_id__in=hashtags)
        .order_by("post_id", "id")
        .values_list("post_id", "hashtag__name")
    ),
    first=int,
    last=int,
    hashtags=INTERESTS,
)
ADMIRED = CompiledQuery(
    "timeline.admired",
    lambda first, last, members: (
        Reaction.objects.filter(post_id__gte=first, post_id__lte=last, member_id__in=members)
        .exclude(post__author_id=F("member_id"))
        .order_by("post_id", "id")
        .values_list("post_id", "member__name")
    ),
    first=int,
    last=int,
    members=CONNECTIONS,
)


def for_you(viewer: Actor, *, cursor: str = "") -> Page[PostCard]:
    """Return recent posts by what they mean to the viewer, each with its reason, then older ones by time.

    A page sequence looks at the posts that were there when it began; raises InvalidCursor.
    """
    member, snapshot = id_of(viewer), _snapshot_in(cursor)
    chosen: list[rules.Ranked] = []
    if not (snapshot and snapshot.is_used_up):
        rows = _window(member, snapshot)
        if not rows and not snapshot:
            return Page([])
        snapshot = snapshot or Snapshot(rows[0][0], rows[-1][0])
        chosen, snapshot = rules.next_page(_known(member, rows), snapshot, clock.now(), PAGE)
    reasons = {item.post_id: item.why for item in chosen}
    next_cursor = _cursor_of(snapshot)
    if snapshot.is_used_up:
        next_cursor = _fill_with_older(member, reasons, snapshot.floor)
    return Page(explained(cards(viewer, list(reasons)), reasons), next_cursor)


def _fill_with_older(viewer: int, reasons: dict[int, str], floor: int) -> str:
    """Add posts from below the window until the page is full; return the cursor of what remains."""
    older = [row[0] for row in OLDER(viewer=viewer, before=floor)]
    room = PAGE - len(reasons)
    reasons.update(dict.fromkeys(older[:room], "Earlier in the community"))
    if len(older) <= room:
        return ""
    return _cursor_of(Snapshot(0, older[room - 1] if room else floor))


def _window(viewer: int, snapshot: Snapshot | None) -> Sequence[tuple[Any, ...]]:
    if snapshot:
        return SAME_WINDOW(viewer=viewer, boundary=snapshot.boundary, floor=snapshot.floor)
    rows = FIRST_WINDOW(viewer=viewer)
    return [row for row in rows if rows[0][0] - row[0] < rules.SPAN]


def _known(viewer: int, rows: Sequence[tuple[Any, ...]]) -> list[Candidate]:
    if not rows:
        return []
    first, last = rows[-1][0], rows[0][0]
    hashtags = _by_post(TAGGED, first, last, hashtags=_interests(viewer))
    admirers = _by_post(ADMIRED, first, last, members=connection_ids(viewer)[:CONNECTIONS])
    return [
        Candidate(
            post_id=post_id,
            author_id=author_id,
            author=author,
            published_at=published_at,
            reactions=reactions,
            comments=comments,
            is_own=author_id == viewer,
            is_followed=bool(is_followed),
            is_connected=bool(is_connected),
            organisation="" if author_id == viewer else shared or "",
            hashtags=hashtags[post_id],
            admirers=admirers[post_id],
        )
        for post_id, author_id, author, published_at, reactions, comments, is_followed, is_connected, shared in rows
    ]


def _by_post(query: CompiledQuery, first: int, last: int, **chosen: Any) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    if all(chosen.values()):
        for post_id, name in query(first=first, last=last, **chosen):
            found[post_id] = (*found[post_id], name)
    return found


def _interests(viewer: int) -> list[int]:
    """Return the hashtags the member follows, and those of their latest posts."""
    followed = HashtagFollow.objects.filter(member_id=viewer).values_list("hashtag_id", flat=True)
    used = (
        PostHashtag.objects.filter(post__author_id=viewer)
        .order_by("-post_id")
        .values_list("hashtag_id", flat=True)
    )
    return list(dict.fromkeys([*followed[:INTERESTS], *used[:INTERESTS]]))[:INTERESTS]


def _cursor_of(snapshot: Snapshot) -> str:
    return encode_cursor(snapshot.boundary, snapshot.floor, f"{snapshot.shown:x}")


def _snapshot_in(cursor: str) -> Snapshot | None:
    if not cursor:
        return None
    boundary, floor, shown = decode_cursor(cursor, int, int, str)
    try:
        snapshot = Snapshot(boundary, floor, int(shown, 16))
    except ValueError as error:
        raise InvalidCursor from error
    if not snapshot.is_ours:
        raise InvalidCursor
    return snapshot
