"""Who may read what: every audience and every kind of viewer."""

from typing import Any

import pytest

from guildry.community.timeline import queries
from guildry.community.timeline.models import Post
from guildry.community.timeline.rules import Audience
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.people.accounts.models import Member
from guildry.people.organisations.models import Membership
from tests.factories.people import grant, make_member
from tests.factories.timeline import block, connect, follow, mute, organisation, publish

VIEWERS = ["guest", "stranger", "follower", "connection", "colleague", "former", "blocked", "blocker", "muter", "author",
           "moderator", "system"]  # fmt: skip
READERS = {
    Audience.EVERYONE: {"guest", "stranger", "follower", "connection", "colleague", "former", "muter", "author",
                        "moderator", "system"},
    Audience.CONNECTIONS: {"connection", "author", "system"},
    Audience.ORGANISATION: {"colleague", "author", "system"},
}  # fmt: skip


@pytest.fixture
def author(ada: Member) -> Member:
    return ada


@pytest.fixture
def viewers(author: Member) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: make_member(name) for name in VIEWERS if name not in ("guest", "author", "system")
    }
    group = organisation("northwind", author, found["colleague"], found["former"])
    left = Membership.objects.filter(organisation=group, member=found["former"])
    left.update(is_current=None, ended_at=clock.now())
    follow(found["follower"], author)
    connect(author, found["connection"])
    block(author, found["blocked"])
    block(found["blocker"], author)
    mute(found["muter"], author)
    moderator = grant(found["moderator"], StaffRole.MODERATOR, by=author)
    return {
        **found,
        "guest": None,
        "author": author,
        "system": SYSTEM,
        "moderator": moderator,
        "group": group,
    }


@pytest.mark.parametrize("audience", list(Audience))
def test_a_post_is_read_by_exactly_those_it_is_for(
    author: Member, viewers: dict[str, Any], audience: Audience
) -> None:
    group = viewers["group"].pk if audience == Audience.ORGANISATION else None
    post = publish(author, audience=audience, organisation_id=group)

    readers = {name for name in VIEWERS if Post.objects.visible_to(viewers[name]).filter(pk=post.pk).exists()}

    assert readers == READERS[audience]


@pytest.mark.parametrize("audience", list(Audience))
def test_every_way_to_a_post_is_closed_to_the_others(
    author: Member, viewers: dict[str, Any], audience: Audience
) -> None:
    group = viewers["group"].pk if audience == Audience.ORGANISATION else None
    post = publish(author, "About #tools", audience=audience, organisation_id=group)
    hashtag = queries.hashtag_named("tools")

    for name in set(VIEWERS) - READERS[audience]:
        viewer = viewers[name]
        with pytest.raises(queries.PostNotFound):
            queries.post_card(viewer, post.pk)
        with pytest.raises(queries.PostNotFound):
            queries.reactions_to(viewer, post_id=post.pk)
        assert queries.latest(viewer).items == []
        assert queries.posts_by(viewer, author_id=author.pk).items == []
        assert queries.posts_about(viewer, hashtag=hashtag).items == []


def test_lists_leave_out_whom_one_muted_and_the_post_itself_stays_open(
    author: Member, viewers: dict[str, Any]
) -> None:
    post = publish(author)

    assert queries.latest(viewers["muter"]).items == []
    assert queries.for_you(viewers["muter"]).items == []
    assert queries.post_card(viewers["muter"], post.pk).id == post.pk


def test_a_suspended_author_takes_the_posts_along(author: Member, viewers: dict[str, Any]) -> None:
    publish(author)
    Member.objects.filter(pk=author.pk).update(is_active=False)

    assert queries.latest(None).items == []
    assert queries.latest(viewers["connection"]).items == []
