"""The Timeline live: who hears of new posts, and counts that move."""

from typing import Any

import msgspec

from guildry.community.timeline import events, queries
from guildry.community.timeline.rules import Audience
from guildry.kernel.points import Broadcast, Namespace, SocketNews
from guildry.people.network.queries import connection_ids
from guildry.people.organisations.events import MembershipEnded, MembershipStarted
from guildry.people.organisations.queries import organisations_of

EVERYONE = "everyone"


class NewPost(msgspec.Struct, forbid_unknown_fields=True):
    """A post you may read; ask for it, so that blocks and mutes hold."""

    post_id: int
    author_id: int


class PostCounts(msgspec.Struct, forbid_unknown_fields=True):
    """The counts of a post as they are now."""

    post_id: int
    reaction_count: int
    comment_count: int
    repost_count: int


class GonePost(msgspec.Struct, forbid_unknown_fields=True):
    """A post that is no longer there."""

    post_id: int


def rooms(viewer: Any) -> list[str]:
    """Everybody's room, the member's own, and one for each organisation they belong to."""
    groups = [_organisation(group.pk) for group in organisations_of(viewer.pk)]
    return [EVERYONE, _member(viewer.pk), *groups]


def new_post(fact: events.PostPublished) -> list[Broadcast]:
    """Tell those who may read a post that it is there; clients ask for it, so that blocks and mutes hold."""
    reading = (fact.author_id, fact.audience, fact.organisation_id)
    body = {"post_id": fact.post_id, "author_id": fact.author_id}
    return [Broadcast(room, "post.new", body) for room in _rooms_of(*reading)]


def new_repost(fact: events.PostReposted) -> list[Broadcast]:
    body = {"post_id": fact.post_id, "author_id": fact.author_id}
    return [Broadcast(EVERYONE, "post.new", body), *counts(fact.original_id)]


def changed_counts(fact: Any) -> list[Broadcast]:
    return counts(fact.post_id)


def counts(post_id: int) -> list[Broadcast]:
    """Tell the present counts of a post that everybody may read, so that the last message wins."""
    found = queries.counts_of(post_id)
    return [Broadcast(EVERYONE, "post.counts", found)] if found else []


def gone_post(fact: events.PostDeleted) -> list[Broadcast]:
    """Tell those who could read a post that it is gone, and nobody else that it ever was."""
    return [Broadcast(room, "post.gone", {"post_id": fact.post_id}) for room in _rooms_of_post(fact.post_id)]


def restored_post(fact: events.PostRestored) -> list[Broadcast]:
    body = {"post_id": fact.post_id, "author_id": fact.author_id}
    return [Broadcast(room, "post.new", body) for room in _rooms_of_post(fact.post_id)]


def regrouped(fact: Any) -> list[int]:
    return [fact.member_id]


def _rooms_of_post(post_id: int) -> list[str]:
    found = queries.readers_of(post_id)
    return _rooms_of(*found) if found else []


def _rooms_of(author_id: int, audience: str, organisation_id: int | None) -> list[str]:
    if audience == Audience.EVERYONE:
        return [EVERYONE]
    if audience == Audience.ORGANISATION and organisation_id:
        return [_organisation(organisation_id)]
    return [_member(member_id) for member_id in (author_id, *connection_ids(author_id))]


def _organisation(organisation_id: int) -> str:
    return f"organisation:{organisation_id}"


def _member(member_id: int) -> str:
    return f"member:{member_id}"


NAMESPACE = Namespace(
    path="/timeline",
    rooms=rooms,
    area="timeline",
    project={
        events.PostPublished.name: new_post,
        events.PostReposted.name: new_repost,
        events.PostReacted.name: changed_counts,
        events.ReactionWithdrawn.name: changed_counts,
        events.CommentPosted.name: changed_counts,
        events.CommentDeleted.name: changed_counts,
        events.PostDeleted.name: gone_post,
        events.PostRestored.name: restored_post,
    },
    news=(
        SocketNews("post.new", NewPost, "Somebody published, reposted or restored a post that you may read."),
        SocketNews("post.counts", PostCounts, "The counts of a post changed; the last message wins."),
        SocketNews("post.gone", GonePost, "A post was deleted."),
    ),
    meaning="The Timeline as it moves: new posts, counts, and posts that go.",
    regroup={MembershipStarted.name: regrouped, MembershipEnded.name: regrouped},
)
