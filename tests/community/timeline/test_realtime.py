"""Who hears of what: rooms follow the audience of a post, and nothing else leaves them."""

import pytest

from guildry.community.timeline import actions, realtime
from guildry.community.timeline.events import (
    PostDeleted,
    PostPublished,
    PostReacted,
    PostReposted,
    PostRestored,
)
from guildry.community.timeline.models import Post
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel.points import NAMESPACES, Broadcast
from guildry.people.accounts.models import Member
from tests.factories.facts import published
from tests.factories.timeline import connect, organisation, publish


def _rooms(sent: list[Broadcast]) -> set[str]:
    return {broadcast.room for broadcast in sent}


def _told(post: Post) -> list[Broadcast]:
    return realtime.new_post(PostPublished(post.pk, post.author_id, post.audience, post.organisation_id))


def test_members_join_the_rooms_of_everybody_of_themselves_and_of_their_organisations(ada: Member) -> None:
    group = organisation("northwind", ada)

    assert realtime.rooms(ada) == ["everyone", f"member:{ada.pk}", f"organisation:{group.pk}"]
    assert NAMESPACES["/timeline"] is realtime.NAMESPACE


def test_a_post_for_everyone_is_told_to_everyone(ada: Member) -> None:
    post = publish(ada)

    assert _told(post) == [Broadcast("everyone", "post.new", {"post_id": post.pk, "author_id": ada.pk})]


def test_a_post_for_connections_is_told_to_them_and_its_author_alone(
    ada: Member, ben: Member, cleo: Member
) -> None:
    connect(ada, ben)
    post = publish(ada, audience=Audience.CONNECTIONS)

    sent = _told(post)

    assert _rooms(sent) == {f"member:{ada.pk}", f"member:{ben.pk}"}
    assert not _rooms(sent) & set(realtime.rooms(cleo))


def test_a_post_for_an_organisation_never_reaches_somebody_outside(ada: Member, ben: Member) -> None:
    group = organisation("northwind", ada)
    post = publish(ada, audience=Audience.ORGANISATION, organisation_id=group.pk)
    reactions = PostReacted(post.pk, ada.pk, "like", True)

    gone = realtime.gone_post(PostDeleted(post.pk, ada.pk))
    back = realtime.restored_post(PostRestored(post.pk, ada.pk))
    everything = [*_told(post), *realtime.changed_counts(reactions), *gone, *back]

    assert _rooms(everything) == {f"organisation:{group.pk}"}
    assert not _rooms(everything) & set(realtime.rooms(ben))


def test_counts_of_a_public_post_are_absolute(ada: Member, ben: Member) -> None:
    post = publish(ada)
    actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)

    sent = realtime.changed_counts(published(PostReacted)[0])

    body = {"post_id": post.pk, "reaction_count": 1, "comment_count": 0, "repost_count": 0}
    assert sent == [Broadcast("everyone", "post.counts", body)]


def test_a_repost_is_new_and_moves_the_count_of_what_it_passes_on(ada: Member, ben: Member) -> None:
    post = publish(ada)
    passed_on = actions.repost(ben, post_id=post.pk)

    sent = realtime.new_repost(published(PostReposted)[0])

    assert [(b.event, b.body["post_id"]) for b in sent] == [
        ("post.new", passed_on.pk),
        ("post.counts", post.pk),
    ]


def test_a_post_that_is_no_more_is_told_to_nobody(db: None) -> None:
    assert realtime.gone_post(PostDeleted(404, 1)) == []
    assert realtime.counts(404) == []


@pytest.mark.parametrize("fact", ["organisations.MembershipStarted", "organisations.MembershipEnded"])
def test_who_joins_or_leaves_an_organisation_changes_rooms(fact: str) -> None:
    assert fact in realtime.NAMESPACE.regroup
