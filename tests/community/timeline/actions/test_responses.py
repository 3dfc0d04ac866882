"""Reacting, passing on, keeping, putting aside, voting."""

from datetime import timedelta

import pytest

from guildry.community.timeline import actions, queries
from guildry.community.timeline.events import PollVoted, PostReacted, PostReposted, ReactionWithdrawn
from guildry.community.timeline.models import Dismissal, HashtagFollow, PollVote, Post, Reaction, Save
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel import clock, errors
from guildry.kernel.bus import Fact
from guildry.people.accounts.models import Member
from tests.factories import timeline as make
from tests.factories.people import make_member


def test_a_member_reacts_once_and_may_change_how(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish(ada)
    for kind in (ReactionKind.LIKE, ReactionKind.LIKE, ReactionKind.SUPPORT):
        actions.react(ben, post_id=post.pk, kind=kind)

    assert queries.post_card(ben, post.pk).reaction_count == 1
    assert Reaction.objects.get().kind == "support"
    assert facts[1:] == [
        PostReacted(post.pk, ben.pk, "like", True),
        PostReacted(post.pk, ben.pk, "support", False),
    ]


def test_a_reaction_is_taken_back_once(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish(ada)
    actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)

    actions.withdraw_reaction(ben, post_id=post.pk)
    actions.withdraw_reaction(ben, post_id=post.pk)

    assert queries.post_card(ben, post.pk).reaction_count == 0
    assert facts[2:] == [ReactionWithdrawn(post.pk, ben.pk)]


def test_reactions_are_told_the_last_first(ada: Member, ben: Member, cleo: Member) -> None:
    post = make.publish(ada)
    for member, kind in (
        (ada, ReactionKind.LIKE),
        (ben, ReactionKind.CELEBRATE),
        (cleo, ReactionKind.SUPPORT),
    ):
        actions.react(member, post_id=post.pk, kind=kind)

    page = queries.reactions_to(None, post_id=post.pk)

    assert [(card.author.handle, card.kind) for card in page.items] == [
        ("cleo", "support"),
        ("ben", "celebrate"),
        ("ada", "like"),
    ]


def test_reactions_come_in_pages(ada: Member, ben: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    post = make.publish(ada)
    for member in (ada, ben):
        actions.react(member, post_id=post.pk, kind=ReactionKind.LIKE)
    monkeypatch.setattr(queries.posts, "PEOPLE", 1)

    first = queries.reactions_to(None, post_id=post.pk)
    second = queries.reactions_to(None, post_id=post.pk, cursor=first.next_cursor)

    assert [card.author.handle for card in (*first.items, *second.items)] == ["ben", "ada"]
    assert second.next_cursor == ""


def test_a_flood_of_reactions_is_stopped(ada: Member) -> None:
    post = make.publish(ada)
    for _ in range(40):
        actions.react(ada, post_id=post.pk, kind=ReactionKind.LIKE)

    with pytest.raises(actions.TooFast):
        actions.react(ada, post_id=post.pk, kind=ReactionKind.SUPPORT)


def test_nobody_responds_to_what_they_may_not_read(ada: Member, ben: Member) -> None:
    post = make.publish(ada, audience=Audience.CONNECTIONS)
    attempts = [
        lambda: actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE),
        lambda: actions.withdraw_reaction(ben, post_id=post.pk),
        lambda: actions.repost(ben, post_id=post.pk),
        lambda: actions.save_post(ben, post_id=post.pk),
        lambda: actions.dismiss_post(ben, post_id=post.pk),
        lambda: actions.vote(ben, post_id=post.pk, option_id=1),
    ]

    for attempt in attempts:
        with pytest.raises(queries.PostNotFound):
            attempt()


def test_a_repost_passes_a_post_on(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish(ada)
    bare = actions.repost(ben, post_id=post.pk)

    assert (bare.repost_of_id, bare.audience, bare.body) == (post.pk, "everyone", "")
    assert queries.post_card(ben, post.pk).repost_count == 1
    assert facts[1:] == [PostReposted(bare.pk, ben.pk, post.pk)]


def test_a_bare_repost_is_made_once_but_notes_as_often_as_one_likes(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    actions.repost(ben, post_id=post.pk)
    with pytest.raises(actions.AlreadyReposted):
        actions.repost(ben, post_id=post.pk)

    actions.repost(ben, post_id=post.pk, note="Note one")
    actions.repost(ben, post_id=post.pk, note="Note two #oak")

    assert queries.post_card(ben, post.pk).repost_count == 3


def test_passing_on_a_bare_repost_passes_on_the_original(ada: Member, ben: Member, cleo: Member) -> None:
    post = make.publish(ada)
    bare = actions.repost(ben, post_id=post.pk)
    noted = actions.repost(ben, post_id=post.pk, note="Read this")

    assert actions.repost(cleo, post_id=bare.pk).repost_of_id == post.pk
    assert actions.repost(cleo, post_id=noted.pk).repost_of_id == noted.pk


def test_a_bare_repost_of_what_is_gone_cannot_be_passed_on(ada: Member, ben: Member, cleo: Member) -> None:
    post = make.publish(ada)
    bare = actions.repost(ben, post_id=post.pk)
    actions.delete_post(ada, post_id=post.pk)

    with pytest.raises(queries.PostNotFound):
        actions.repost(cleo, post_id=bare.pk)


def test_only_what_everybody_reads_is_passed_on(ada: Member, ben: Member) -> None:
    make.connect(ada, ben)
    post = make.publish(ada, audience=Audience.CONNECTIONS)

    with pytest.raises(actions.NotForEverybody):
        actions.repost(ben, post_id=post.pk)


def test_a_note_has_its_length(ada: Member, ben: Member) -> None:
    with pytest.raises(errors.Invalid):
        actions.repost(ben, post_id=make.publish(ada).pk, note="x" * 1001)

    assert Post.objects.count() == 1


def test_a_repost_is_taken_back(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    actions.repost(ben, post_id=post.pk)

    actions.withdraw_repost(ben, post_id=post.pk)
    actions.withdraw_repost(ben, post_id=post.pk)

    assert queries.post_card(ben, post.pk).repost_count == 0
    actions.repost(ben, post_id=post.pk)


def test_saving_and_dismissing_are_made_once_and_undone(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    for _ in range(2):
        actions.save_post(ben, post_id=post.pk)
        actions.dismiss_post(ben, post_id=post.pk)
    assert (Save.objects.count(), Dismissal.objects.count()) == (1, 1)

    actions.unsave_post(ben, post_id=post.pk)
    actions.undismiss_post(ben, post_id=post.pk)
    assert (Save.objects.count(), Dismissal.objects.count()) == (0, 0)


def test_a_dismissed_post_is_no_longer_for_you_but_still_latest(ada: Member, ben: Member) -> None:
    post = make.publish(ada)
    actions.dismiss_post(ben, post_id=post.pk)

    assert queries.for_you(ben).items == []
    assert len(queries.latest(ben).items) == 1


def test_followed_hashtags_are_interests(ada: Member, ben: Member, cleo: Member) -> None:
    make.publish(ada, "On #oak")
    hashtag = queries.hashtag_named("oak")
    for _ in range(2):
        actions.follow_hashtag(ben, hashtag=hashtag)

    assert queries.for_you(ben).items[0].why == "About #oak, which you follow or use"
    assert queries.is_following(ben, hashtag)
    assert not queries.is_following(cleo, hashtag)
    assert not queries.is_following(None, hashtag)

    actions.unfollow_hashtag(ben, hashtag=hashtag)
    assert not HashtagFollow.objects.exists()
    assert queries.for_you(ben).items[0].why == "New in the community"


def test_hashtags_of_one_s_own_posts_are_interests(ada: Member, ben: Member) -> None:
    make.publish(ben, "Mine on #oak")
    make.publish(ada, "On #oak")

    assert queries.for_you(ben).items[0].why == "About #oak, which you follow or use"


def test_what_connections_like_is_for_you(ada: Member, ben: Member, cleo: Member) -> None:
    make.connect(ada, ben)
    make.connect(ada, cleo)
    post = make.publish(make_member("eve"))
    for member in (ben, cleo):
        actions.react(member, post_id=post.pk, kind=ReactionKind.LIKE)

    assert queries.for_you(ada).items[0].why == "Popular with your connections: Ben Okri and Cleo Marsh"


def test_a_member_s_own_reaction_recommends_nothing(ada: Member, ben: Member) -> None:
    make.connect(ada, ben)
    post = make.publish(ben)
    actions.react(ben, post_id=post.pk, kind=ReactionKind.LIKE)

    assert queries.for_you(ada).items[0].why == "Because you are connected with Ben Okri"


def test_colleagues_posts_are_for_you(ada: Member, ben: Member) -> None:
    make.organisation("fern", ada, ben)
    make.publish(ben)

    assert queries.for_you(ada).items[0].why == "From Fern, where you belong"


def test_a_vote_counts_once_and_may_move(ada: Member, ben: Member, facts: list[Fact]) -> None:
    post = make.publish_poll(ada)
    one, two = post.poll.options.order_by("position")
    for option in (one, one, two):
        actions.vote(ben, post_id=post.pk, option_id=option.pk)

    assert list(post.poll.options.order_by("position").values_list("vote_count", flat=True)) == [0, 1]
    assert PollVote.objects.get().option_id == two.pk
    assert facts[1:] == [PollVoted(post.pk)] * 2


def test_a_closed_poll_takes_no_votes(ada: Member, ben: Member) -> None:
    post = make.publish_poll(ada)

    with clock.at(clock.now() + timedelta(days=3)), pytest.raises(actions.PollClosed):
        actions.vote(ben, post_id=post.pk, option_id=post.poll.options.all()[0].pk)

    assert not PollVote.objects.exists()


def test_a_vote_is_for_an_answer_of_this_poll(ada: Member, ben: Member) -> None:
    post, other = make.publish_poll(ada), make.publish_poll(ben)

    with pytest.raises(actions.NoSuchOption):
        actions.vote(ben, post_id=post.pk, option_id=other.poll.options.all()[0].pk)
