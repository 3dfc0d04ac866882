"""How MariaDB reads each page of a list: along an index, in order, and no more rows than the page needs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildry.community.timeline import queries as timeline
from guildry.community.timeline.models import Comment, Hashtag, Post, PostHashtag, Reaction, Save
from guildry.kernel import clock
from guildry.kernel.paging import encode_cursor
from guildry.people.accounts.models import Member
from guildry.people.network import queries as network
from guildry.people.network.models import Block, Connection, Follow, Mute
from guildry.people.notifications import queries as notifications
from guildry.people.notifications.models import Notification
from guildry.people.organisations import queries as organisations
from guildry.people.organisations.models import Membership, Organisation
from guildry.people.profiles import queries as profiles
from guildry.people.profiles.models import Profile

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db]

MEMBERS, POSTS = 1_500, 6_000
# Rows touched for one page with all that hangs on them: a page of twenty needs some hundreds, a walk over a table more.
MOST_ROWS = 2_000


@dataclass(frozen=True)
class World:
    me: Member
    organisation: Organisation
    hashtag: Hashtag
    post: Post


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A community large enough that walking over it is noticed, committed so that the statistics know it."""
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        yield _filled()
        call_command("flush", interactive=False, verbosity=0)


def _filled() -> World:
    now = clock.now()
    Member.objects.bulk_create(
        Member(id=n, handle=f"member{n}", name=f"Member {n}", email=f"member{n}@example.org", password="!")
        for n in range(1, MEMBERS + 1)
    )
    Profile.objects.bulk_create(
        Profile(
            member_id=n, sort_key=f"member {n:06}", search_text=f"member {n}", created_at=now, edited_at=now
        )
        for n in range(1, MEMBERS + 1)
    )
    Organisation.objects.bulk_create(
        Organisation(
            id=n,
            handle=f"guild{n}",
            name=f"Guild {n}",
            sort_key=f"guild {n:04}",
            kind="company",
            created_at=now,
        )
        for n in range(1, 301)
    )
    Membership.objects.bulk_create(
        Membership(organisation_id=1, member_id=n, role="member", started_at=now) for n in range(1, 1_001)
    )
    _circles()
    _posts()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE TABLE `{table}`")
    return World(
        Member.objects.get(pk=1),
        Organisation.objects.get(pk=1),
        Hashtag.objects.get(pk=1),
        Post.objects.get(pk=POSTS),
    )


def _circles() -> None:
    """The first member knows, follows and is followed by hundreds, and quarrelled with some."""
    now = clock.now()
    others = range(2, 802)
    Follow.objects.bulk_create(Follow(follower_id=1, followed_id=n) for n in others)
    Follow.objects.bulk_create(Follow(follower_id=n, followed_id=1) for n in others)
    crowd = [(n, 2 + (n + step) % (MEMBERS - 1)) for n in range(2, MEMBERS + 1) for step in range(1, 9)]
    Follow.objects.bulk_create(Follow(follower_id=one, followed_id=other) for one, other in crowd)
    Connection.objects.bulk_create(
        Connection(
            requester_id=1, addressee_id=n, state="accepted" if n < 402 else "requested",
            requested_at=now, answered_at=now - timedelta(minutes=n),
        )
        for n in others
    )  # fmt: skip
    Connection.objects.bulk_create(
        Connection(requester_id=n, addressee_id=1, state="requested", requested_at=now - timedelta(minutes=n))
        for n in range(802, 1_202)
    )
    Block.objects.bulk_create(Block(blocker_id=one, blocked_id=other) for one, other in crowd)
    Mute.objects.bulk_create(Mute(muter_id=one, muted_id=other) for one, other in crowd)
    Block.objects.bulk_create(Block(blocker_id=1, blocked_id=n) for n in range(1_002, 1_402))
    Mute.objects.bulk_create(Mute(muter_id=1, muted_id=n) for n in range(1_002, 1_402))
    Notification.objects.bulk_create(
        Notification(
            recipient_id=1 + n % 2, kind="network.follow", source=f"n:{n}", text="News", url="/",
            created_at=now - timedelta(seconds=n),
        )
        for n in range(2_000)
    )  # fmt: skip


def _posts() -> None:
    now = clock.now()
    Post.objects.bulk_create(
        [
            Post(
                id=n, author_id=1 + n % MEMBERS, body="Words", html="<p>Words</p>", published_at=now,
                audience="organisation" if n % 10 == 0 else "connections" if n % 7 == 0 else "everyone",
                organisation_id=1 if n % 10 == 0 else None,
            )
            for n in range(1, POSTS + 1)
        ],
        batch_size=2_000,
    )  # fmt: skip
    Hashtag.objects.bulk_create(
        Hashtag(id=n, name=f"tag{n}", fingerprint=f"{n:032}", created_at=now) for n in range(1, 11)
    )
    PostHashtag.objects.bulk_create(
        [PostHashtag(hashtag_id=1 + n % 10, post_id=n) for n in range(1, POSTS + 1)], batch_size=2_000
    )
    Save.objects.bulk_create(Save(member_id=1 + n % 9, post_id=n, saved_at=now) for n in range(1, 6_001))
    Reaction.objects.bulk_create(
        [Reaction(post_id=n, member_id=1 + n % 1_000, kind="like", reacted_at=now) for n in range(1, POSTS)]
        + [Reaction(post_id=POSTS, member_id=n, kind="like", reacted_at=now) for n in range(1, MEMBERS + 1)]
    )
    Comment.objects.bulk_create(
        Comment(post_id=POSTS, author_id=n, path=f"{n:06x}", body="Yes", html="<p>Yes</p>", created_at=now)
        for n in range(1, 1_201)
    )


Reading = Callable[[World, str], Any]
SHALLOW, MIDDLE, DEEP = POSTS - 30, POSTS // 2, 200
BY_ID = ["", *(encode_cursor(key) for key in (SHALLOW, MIDDLE, DEEP))]

# What is read, the cursors it is read at, and the index the first table is walked along.
LISTS: dict[str, tuple[Reading, list[str], str]] = {
    "latest": (lambda w, c: timeline.latest(w.me, cursor=c), BY_ID, "PRIMARY"),
    "latest for guests": (lambda w, c: timeline.latest(None, cursor=c), BY_ID, "PRIMARY"),
    "posts by": (lambda w, c: timeline.posts_by(w.me, author_id=2, cursor=c), BY_ID, "author"),
    "posts for": (
        lambda w, c: timeline.posts_for_organisation(w.me, organisation_id=1, cursor=c), BY_ID, "organisation",
    ),
    "posts about": (lambda w, c: timeline.posts_about(w.me, hashtag=w.hashtag, cursor=c), BY_ID, "hashtag"),
    "saved": (
        lambda w, c: timeline.saved_posts(w.me, cursor=c),
        ["", *(encode_cursor(key) for key in (5_900, 3_000, 60))],
        "member",
    ),
    "comments": (
        lambda w, c: timeline.comments_on(w.me, post_id=w.post.pk, cursor=c),
        ["", *(encode_cursor(f"{n:06x}") for n in (30, 600, 1_150))],
        "one_comment_a_place",
    ),
    "reactions": (
        lambda w, c: timeline.reactions_to(w.me, post_id=w.post.pk, cursor=c),
        ["", *(encode_cursor(key) for key in (POSTS + 1_400, POSTS + 700, POSTS + 60))],
        "reactions_to_post|PRIMARY",
    ),
    "followers": (lambda w, c: network.followers(w.me, cursor=c), ["", encode_cursor(900)], "followed"),
    "following": (lambda w, c: network.following(w.me, cursor=c), ["", encode_cursor(400)], "follows_of_member"),
    "blocked": (lambda w, c: network.blocked(w.me, cursor=c), ["", encode_cursor(50)], "block"),
    "muted": (lambda w, c: network.muted(w.me, cursor=c), ["", encode_cursor(50)], "mut"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_page_is_read_along_its_index(world: World, name: str) -> None:
    """At the first page, near it, in the middle and far down: the trap is a plan that is only good for some."""
    read, cursors, index = LISTS[name]
    for cursor in cursors:
        found = _watched(lambda cursor=cursor: read(world, cursor))
        paged = [plan for plan in found.plans if plan.limit and " ORDER BY " in plan.sql]
        assert paged, (name, cursor)
        assert [plan.complaint for plan in found.plans if plan.complaint] == [], (name, cursor)
        assert re.search(index, paged[0].key), (name, cursor, paged[0])
        assert found.rows <= MOST_ROWS, (name, cursor)


def test_the_timelines_of_those_one_follows_read_few_rows(world: World) -> None:
    """Posts of many authors come from many places of the index; a bound is all that can be asked of them."""
    for read in (timeline.following, timeline.for_you):
        assert _watched(lambda read=read: read(world.me)).rows <= 15_000, read


@pytest.mark.parametrize(
    "read",
    [
        lambda w: network.connections(w.me),
        lambda w: network.requests_received(w.me),
        lambda w: network.requests_sent(w.me),
        lambda w: notifications.entries(w.me),
        lambda w: organisations.directory(w.me),
        lambda w: organisations.people_of(w.organisation),
        lambda w: profiles.directory(w.me),
    ],
    ids=["connections", "received", "sent", "notifications", "organisations", "people", "directory"],
)
def test_the_second_page_reads_no_more_than_the_first(world: World, read: Callable[[World], Any]) -> None:
    assert _watched(lambda: read(world)).rows <= 3 * MOST_ROWS


@dataclass(frozen=True)
class Plan:
    """How one statement is read: the index of its first table, and what is wrong with it."""

    sql: str
    key: str
    limit: bool
    complaint: str


@dataclass(frozen=True)
class Watched:
    plans: list[Plan]
    rows: int


def _watched(read: Callable[[], Any]) -> Watched:
    """Return the plans of what a query sends, and how many rows the server touched for it."""
    read()
    before, idle = _rows_touched(), _rows_touched()
    read()
    rows = _rows_touched() - idle - (idle - before)
    with CaptureQueriesContext(connection) as sent:
        read()
    statements = [query["sql"] for query in sent.captured_queries if query["sql"].startswith("SELECT")]
    return Watched([_plan(sql) for sql in statements], rows)


def _rows_touched() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        return sum(int(value) for _, value in cursor.fetchall())


def _plan(sql: str) -> Plan:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    outer = [row for row in rows if row["select_type"] in ("PRIMARY", "SIMPLE")]
    spoiled = [row["Extra"] for row in outer if re.search("filesort|temporary", row["Extra"] or "")]
    return Plan(sql, outer[0]["key"] or "none", " LIMIT " in sql, "; ".join(spoiled))
