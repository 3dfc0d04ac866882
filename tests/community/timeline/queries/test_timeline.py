"""The lists of posts: complete, in order, and stable while others write."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildry.community.timeline import actions, queries
from guildry.community.timeline.models import Post
from guildry.community.timeline.queries import timeline
from guildry.kernel import clock
from guildry.kernel.paging import InvalidCursor, Page, encode_cursor
from guildry.people.accounts.models import Member
from tests.factories import timeline as make

PAGE = queries.PAGE
Read = Callable[..., Page[Any]]


def ids(page: Page[Any]) -> list[int]:
    return [post.id for post in page.items]


def all_ids(read: Callable[[str], Page[Any]]) -> list[int]:
    found, cursor = [], ""
    while True:
        page = read(cursor)
        found += ids(page)
        if not (cursor := page.next_cursor):
            return found


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1])
def test_latest_shows_everything_once_the_newest_first(ada: Member, count: int) -> None:
    made = make.publish_many(ada, count)

    found = all_ids(lambda cursor: queries.latest(ada, cursor=cursor))

    assert found == [post.pk for post in reversed(made)]


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1, 2 * PAGE + 5])
def test_for_you_shows_everything_once(ada: Member, ben: Member, count: int) -> None:
    made = make.publish_many(ben, count)

    found = all_ids(lambda cursor: queries.for_you(ada, cursor=cursor))

    assert sorted(found) == [post.pk for post in made]


def test_for_you_goes_on_below_its_window_by_time(ada: Member, ben: Member, monkeypatch: Any) -> None:
    made = make.publish_many(ben, 240)

    found = all_ids(lambda cursor: queries.for_you(ada, cursor=cursor))

    assert sorted(found) == [post.pk for post in made]
    assert found[200:] == [post.pk for post in reversed(made[:40])]


def test_for_you_looks_no_further_than_its_span(ada: Member, ben: Member) -> None:
    old = make.publish_many(ben, 3)
    Post.objects.filter(pk=old[0].pk).update(author=ada)
    far = Post.objects.create(
        pk=old[-1].pk + 5_000, author=ben, audience="everyone", published_at=old[-1].published_at
    )

    page = queries.for_you(ada)

    assert ids(page) == [far.pk, *(post.pk for post in reversed(old))]
    assert [post.why for post in page.items][1:] == ["Earlier in the community"] * 3


Step = st.tuples(st.sampled_from(["publish", "delete", "react", "page"]), st.integers(0, 10_000))


@pytest.mark.parametrize("read", [queries.latest, queries.for_you, queries.following])
@given(steps=st.lists(Step, min_size=4, max_size=25))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_paging_loses_and_repeats_nothing_while_others_write(
    ada: Member, ben: Member, read: Read, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        make.follow(ada, ben)
        at_first = [post.pk for post in make.publish_many(ben, 3 * PAGE)]
        deleted: set[int] = set()
        page = read(ada)
        shown = ids(page)
        for step, number in [*steps, *[("page", 0)] * 6]:
            chosen = at_first[number % len(at_first)]
            if step == "publish":
                make.publish_many(ben, 1)
            elif step == "delete":
                Post.objects.filter(pk=chosen).update(deleted_at=clock.now())
                deleted.add(chosen)
            elif step == "react":
                Post.objects.filter(pk=chosen).update(reaction_count=number)
            elif page.next_cursor:
                page = read(ada, cursor=page.next_cursor)
                shown += ids(page)

        assert len(shown) == len(set(shown))
        assert set(at_first) - deleted <= set(shown) <= set(at_first)
        transaction.set_rollback(True)


def test_following_is_those_i_follow_and_myself(ada: Member, ben: Member, cleo: Member) -> None:
    make.follow(ada, ben)
    mine, followed, _ = make.publish(ada), make.publish(ben), make.publish(cleo)

    assert ids(queries.following(ada)) == [followed.pk, mine.pk]


def test_following_many_finds_the_same_as_following_few(
    ada: Member, ben: Member, cleo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.follow(ada, ben)
    make.publish(cleo)
    make.publish(ben)
    few = queries.following(ada)

    monkeypatch.setattr(timeline, "FEW_AUTHORS", 1)

    assert queries.following(ada) == few


def test_a_member_s_posts_are_theirs_alone(ada: Member, ben: Member) -> None:
    mine, _ = make.publish(ada), make.publish(ben)

    assert ids(queries.posts_by(None, author_id=ada.pk)) == [mine.pk]


def test_a_muted_member_s_posts_are_found_on_their_own_page(ada: Member, ben: Member) -> None:
    post = make.publish(ben)
    make.mute(ada, ben)

    assert ids(queries.latest(ada)) == []
    assert ids(queries.posts_by(ada, author_id=ben.pk)) == [post.pk]


def test_an_organisation_s_posts_are_for_those_who_belong_there(
    ada: Member, ben: Member, cleo: Member
) -> None:
    fern = make.organisation("fern", ada, ben)
    post = make.publish(ada, audience="organisation", organisation_id=fern.pk)

    assert ids(queries.posts_for_organisation(ben, organisation_id=fern.pk)) == [post.pk]
    assert ids(queries.posts_for_organisation(cleo, organisation_id=fern.pk)) == []


def test_saved_posts_come_in_the_order_they_were_saved(ada: Member, ben: Member) -> None:
    made = make.publish_many(ben, PAGE + 2)
    for post in made:
        actions.save_post(ada, post_id=post.pk)
    actions.unsave_post(ada, post_id=made[0].pk)
    actions.save_post(ada, post_id=made[0].pk)

    found = all_ids(lambda cursor: queries.saved_posts(ada, cursor=cursor))

    assert found == [made[0].pk, *(post.pk for post in reversed(made[1:]))]


def test_posts_about_a_hashtag_are_found_however_it_is_written(ada: Member, dan: Member) -> None:
    made = [make.publish(dan, f"Number {number} about #Oak") for number in range(3)]
    make.publish(dan, "About #oakum")

    page = queries.posts_about(ada, hashtag=queries.hashtag_named("OAK"))

    assert ids(page) == [post.pk for post in reversed(made)]


@pytest.mark.parametrize(("tab", "count"), [("latest", 2), ("following", 1)])
def test_new_posts_by_others_are_counted(
    ada: Member, ben: Member, cleo: Member, tab: str, count: int
) -> None:
    make.follow(ada, ben)
    first = make.publish(ben)
    for author in (ben, cleo, ada):
        make.publish(author)

    assert queries.count_of_new(ada, after=first.pk, tab=tab) == count


def test_the_count_of_new_posts_stops_somewhere(ada: Member, ben: Member) -> None:
    make.publish_many(ben, 5)

    assert queries.count_of_new(ada, after=0, most=3) == 3


@pytest.mark.parametrize("read", [queries.latest, queries.for_you, queries.following, queries.saved_posts])
@pytest.mark.parametrize(
    "cursor", ["x", encode_cursor("a"), encode_cursor(1, 2, "zz"), encode_cursor(3, 2, "ff")]
)
def test_a_made_up_cursor_is_refused(ada: Member, read: Read, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        read(ada, cursor=cursor)


@pytest.mark.parametrize("count", [1, 3])
def test_latest_costs_one_query_however_many_posts(
    ada: Member, ben: Member, count: int, django_assert_num_queries: Any
) -> None:
    make.publish_many(ben, count)

    with django_assert_num_queries(1):
        queries.latest(ada)


@pytest.mark.parametrize("count", [1, 3])
def test_everything_a_post_can_carry_costs_three_more(
    ada: Member, dan: Member, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        poll = make.publish_poll(dan)
        actions.repost(dan, post_id=poll.pk, note="Vote")
        make.publish_with_picture(dan)

    with django_assert_num_queries(4):
        queries.latest(ada)


@pytest.mark.parametrize("count", [1, 3])
def test_for_you_costs_the_same_however_many_posts(
    ada: Member, ben: Member, count: int, django_assert_num_queries: Any
) -> None:
    make.connect(ada, ben)
    make.publish(ada, "Mine is about #oak")
    make.publish_many(ben, count)

    with django_assert_num_queries(8):
        queries.for_you(ada)
