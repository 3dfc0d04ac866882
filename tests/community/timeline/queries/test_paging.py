"""Reading page by page while the community goes on writing and deleting."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildry.community.timeline import actions, queries
from guildry.community.timeline.models import Post
from guildry.people.accounts.models import Member
from guildry.people.network.models import Follow
from tests.factories.timeline import publish_many

READERS = {"for-you": queries.for_you, "latest": queries.latest, "following": queries.following}
# How far down the list a post is that goes while somebody reads.
goings_on = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 3)),
        st.tuples(st.just("delete"), st.integers(0, 60)),
        st.tuples(st.just("read"), st.just(0)),
    ),
    min_size=3,
    max_size=14,
)


@dataclass
class Reading:
    """One member on the way down a tab."""

    seen: list[int]
    cursor: str = ""
    is_over: bool = False

    def read_on(self, tab: str, viewer: Any) -> None:
        if self.is_over:
            return
        page = READERS[tab](viewer, cursor=self.cursor)
        self.seen += [post.id for post in page.items]
        self.cursor, self.is_over = page.next_cursor, not page.next_cursor


def _happens(what: str, amount: int, author: Member) -> None:
    if what == "publish":
        publish_many(author, amount)
        return
    for post in Post.objects.filter(deleted_at=None).order_by("-pk")[amount : amount + 1]:
        actions.delete_post(post.author, post_id=post.pk)


@pytest.mark.parametrize("tab", READERS)
@given(events=goings_on)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_or_repeated_while_others_publish_and_delete(
    ada: Member, dan: Member, tab: str, events: list[tuple[str, int]]
) -> None:
    Post.objects.all().delete()
    Follow.objects.get_or_create(follower=ada, followed=dan)
    there_before = {post.pk for post in publish_many(dan, 45)}
    reading = Reading([])
    reading.read_on(tab, ada)

    for what, amount in events:
        reading.read_on(tab, ada) if what == "read" else _happens(what, amount, dan)
    for _ in range(20):
        reading.read_on(tab, ada)

    still_there = set(Post.objects.filter(deleted_at=None).values_list("pk", flat=True))
    assert reading.is_over
    assert len(reading.seen) == len(set(reading.seen))
    assert there_before & still_there <= set(reading.seen)
    assert set(reading.seen) <= there_before


def test_a_tab_that_ends_says_so_and_one_that_goes_on_does_not(ada: Member, dan: Member) -> None:
    publish_many(dan, queries.PAGE + 1)

    first = queries.latest(ada)
    last = queries.latest(ada, cursor=first.next_cursor)

    assert (len(first.items), len(last.items), last.next_cursor) == (queries.PAGE, 1, "")


def test_posts_that_arrive_while_reading_are_counted_not_shown(ada: Member, dan: Member) -> None:
    publish_many(dan, queries.PAGE + 5)
    first = queries.latest(ada)

    publish_many(dan, 3)

    assert queries.count_of_new(ada, after=first.items[0].id) == 3
    assert len(queries.latest(ada, cursor=first.next_cursor).items) == 5
