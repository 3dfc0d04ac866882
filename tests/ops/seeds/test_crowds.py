"""A large community is deterministic, believable, and counts what it has."""

import json
import stat
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from guildry.community.timeline.models import Comment, Hashtag, Post, PostHashtag, Reaction
from guildry.community.timeline.queries.writing import rendered
from guildry.community.timeline.rules import MAX_DEPTH
from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, PermissionMissing
from guildry.ops.seeds import actions, queries, tasks
from guildry.ops.seeds.actions.tables import Table
from guildry.ops.seeds.queries import Miscount
from guildry.ops.seeds.rules import Dice, Plan
from guildry.people.accounts.models import AccessToken, Member, Session
from guildry.people.network.models import Block, Connection, Follow
from guildry.people.organisations.models import Membership, Organisation
from guildry.people.profiles import rules as profiles
from guildry.people.profiles.models import Profile
from guildry.platform.facts.models import StoredFact

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
PLAN = Plan(members=300, posts=600)


@pytest.fixture
def crowd(db: None) -> Plan:
    with clock.at(NOON):
        actions.make_crowd(SYSTEM, plan=PLAN)
    return PLAN


def test_there_are_as_many_as_asked_for(crowd: Plan) -> None:
    assert Member.objects.count() == Profile.objects.count() == 300
    assert Post.objects.count() == 600
    assert Organisation.objects.count() == 2


def test_every_key_leads_somewhere_and_every_counter_is_right(crowd: Plan) -> None:
    connection.check_constraints()

    assert queries.miscounts() == []


def test_a_wrong_counter_is_found(crowd: Plan) -> None:
    Post.objects.filter(pk__in=[7, 9]).update(reaction_count=F("reaction_count") + 1)
    Organisation.objects.filter(pk=1).update(people_count=0)

    assert queries.miscounts() == [
        Miscount("Post.reaction_count", 2, 7),
        Miscount("Organisation.people_count", 1, 1),
    ]


def test_the_same_plan_makes_the_same_community(crowd: Plan) -> None:
    def told() -> list[object]:
        posts = Post.objects.order_by("pk").values_list(
            "author__handle", "body", "published_at", "reaction_count"
        )
        return [*posts, *Follow.objects.order_by("follower", "followed").values_list("follower", "followed")]

    first = told()
    for model in (Post, Hashtag, Membership, Organisation, Member):
        model.objects.all().delete()
    with clock.at(NOON):
        actions.make_crowd(SYSTEM, plan=PLAN)

    assert told() == first


def test_few_write_and_are_read_by_many(crowd: Plan) -> None:
    written = sorted(Counter(Post.objects.values_list("author_id", flat=True)).values(), reverse=True)
    followed = sorted(Counter(Follow.objects.values_list("followed_id", flat=True)).values(), reverse=True)

    assert sum(written[:30]) > 600 * 0.2
    assert followed[0] > 3 * followed[150]
    assert Reaction.objects.count() > Comment.objects.count() > 200


def test_posts_and_answers_stand_in_the_order_of_their_times(crowd: Plan) -> None:
    posts = list(Post.objects.order_by("pk").values_list("published_at", flat=True))

    assert posts == sorted(posts)
    assert posts[-1] < NOON
    assert not Reaction.objects.filter(reacted_at__gt=NOON).exists()
    assert not Comment.objects.filter(created_at__lt=F("post__published_at")).exists()
    assert not Post.objects.filter(published_at__lt=F("author__created_at")).exists()


def test_threads_are_as_deep_as_threads_get(crowd: Plan) -> None:
    comments = list(Comment.objects.select_related("parent"))

    assert {comment.depth for comment in comments} == set(range(1, MAX_DEPTH + 1))
    assert all(c.path.startswith(c.parent.path) for c in comments if c.parent)
    assert all(c.parent is None for c in comments if c.depth == 1)


def test_texts_look_as_members_would_have_written_them(crowd: Plan) -> None:
    for post in Post.objects.filter(pk__lte=50):
        text = rendered(post.body)
        assert text.html == post.html
        assert set(PostHashtag.objects.filter(post=post).values_list("hashtag__name", flat=True)) == set(
            text.hashtags
        )
    for profile in Profile.objects.select_related("member")[:50]:
        assert profile.sort_key == profiles.sort_key(profile.member.name)
        profile.member.full_clean(exclude=["password"])


def test_blocks_keep_members_apart(crowd: Plan) -> None:
    apart = set(Block.objects.values_list("blocker_id", "blocked_id"))
    apart |= {(other, one) for one, other in apart}

    assert apart
    assert not apart & set(Follow.objects.values_list("follower_id", "followed_id"))
    assert not apart & set(Connection.objects.values_list("requester_id", "addressee_id"))
    assert not apart & set(Reaction.objects.values_list("member_id", "post__author_id"))


def test_what_is_for_few_is_answered_by_those_few(crowd: Plan) -> None:
    for reaction in Reaction.objects.exclude(post__audience="everyone").select_related("post"):
        assert Post.objects.visible_to_member(reaction.member_id).filter(pk=reaction.post_id).exists()


def test_nobody_is_told(crowd: Plan) -> None:
    assert StoredFact.objects.count() == 0


def test_keys_open_pages_and_the_api_and_are_kept_as_digests(db: None, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    actions.make_crowd(SYSTEM, plan=Plan(members=5, posts=3), keys=keys, keys_for=2)

    first, second = map(json.loads, keys.read_text().splitlines())
    name, _, value = first["cookie"].partition("=")
    browser = Client()
    browser.cookies[name] = value

    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert [first["member_id"], second["member_id"]] == [1, 2]
    assert browser.get("/settings/").status_code == 200
    assert (
        Client()
        .get("/api/v1/timeline/posts", headers={"Authorization": f"Bearer {second['token']}"})
        .json()["items"]
    )
    assert not Session.objects.filter(key_digest=value).exists()
    assert AccessToken.objects.count() == 2


def test_only_an_empty_database_is_filled(ada: Member) -> None:
    with pytest.raises(actions.SomebodyIsHere):
        actions.make_crowd(SYSTEM, plan=PLAN)

    assert Member.objects.count() == 1


def test_making_a_crowd_needs_the_permission(ada: Member) -> None:
    with pytest.raises(PermissionMissing):
        actions.make_crowd(ada, plan=PLAN)


def test_a_row_without_what_it_must_say_is_refused_before_anything_is_written() -> None:
    with pytest.raises(LookupError, match="published_at"):
        Table(Post, "id author_id audience")


def test_the_command_says_how_long_it_took_and_counts_again(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    tasks.arguments(parser)
    words = ["scale", "--members", "20", "--posts", "1_0", "--verify"]

    assert tasks.seed(parser.parse_args(words)) == 0
    assert tasks.seed(parser.parse_args(words)) == 1

    made, counted, refused = capsys.readouterr().out.splitlines()
    assert made.startswith("Made 20 members and 10 posts in ")
    assert counted == "Every counter is what counting says."
    assert (
        refused == "A large community is made in an empty database only. Choose another folder with --data."
    )


def test_the_command_names_wrong_counters(ada: Member, capsys: pytest.CaptureFixture[str]) -> None:
    Post.objects.create(author=ada, audience="everyone", published_at=NOON, comment_count=3)
    parser = ArgumentParser()
    tasks.arguments(parser)

    assert tasks.seed(parser.parse_args(["verify"])) == 4

    post = Post.objects.get()
    assert f"Post.comment_count is wrong in 1 rows, such as {post.pk}." in capsys.readouterr().out


@pytest.mark.parametrize("count", ["0", "-3", "many"])
def test_a_community_of_nobody_is_refused(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    tasks.arguments(parser)

    with pytest.raises(SystemExit):
        parser.parse_args(["scale", "--members", count])

    assert "--members" in capsys.readouterr().err


def test_popular_ranks_come_first_and_none_is_out_of_reach() -> None:
    dice = Dice("test")
    drawn = Counter(dice.popular(1_000) for _ in range(20_000))

    assert drawn[0] > 5 * drawn[500]
    assert drawn[0] < 20_000 * 0.02
    assert 0 <= min(drawn) <= max(drawn) < 1_000


def test_most_get_nothing_and_nobody_more_than_the_most() -> None:
    dice = Dice("test")
    drawn = Counter(dice.heavy(1.2, 60) for _ in range(20_000))

    assert max(drawn) == 60
    assert drawn[0] > 20_000 * 0.5


@pytest.mark.parametrize("microsecond", [0, 1, 250_000])
def test_moments_are_written_as_every_other_row_has_them(microsecond: int) -> None:
    moment = NOON.replace(microsecond=microsecond)

    assert Table.moment(moment) == connection.ops.adapt_datetimefield_value(moment)
