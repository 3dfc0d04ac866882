"""Who stands how to whom, the lists of people, and the people one may know."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guildry.kernel import clock, paging, points
from guildry.people.accounts.models import Member
from guildry.people.network import queries
from guildry.people.network.models import Connection, Follow, unblocked
from tests.factories.network import block, connect, follow, mute
from tests.factories.organisations import join, make_organisation
from tests.factories.people import make_member
from tests.factories.profiles import make_profile

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def people(count: int) -> list[Member]:
    return [make_member(f"m{number}") for number in range(count)]


def names(found: list[queries.Suggestion]) -> list[str]:
    return [suggestion.member.handle for suggestion in found]


def test_ids_go_the_right_way(ada: Member, ben: Member) -> None:
    eve, kim = make_member("eve"), make_member("kim")
    follow(ada, ben)
    follow(eve, ada)
    connect(ada, ben)
    connect(eve, ada)
    connect(ada, kim, state="requested")
    block(ada, kim)
    mute(ada, eve)

    assert queries.following_ids(ada.pk) == [ben.pk]
    assert queries.follower_ids(ada.pk) == [eve.pk]
    assert sorted(queries.connection_ids(ada.pk)) == [ben.pk, eve.pk]
    assert queries.blocked_ids(ada.pk) == [kim.pk]
    assert queries.blocked_ids(kim.pk) == [ada.pk]
    assert sorted(queries.hidden_ids(ada.pk)) == [eve.pk, kim.pk]
    assert queries.hidden_ids(eve.pk) == []
    assert queries.muters_of(eve.pk, [ada.pk, ben.pk]) == {ada.pk}
    assert queries.apart_from(kim.pk, [ada.pk, ben.pk]) == {ada.pk}
    assert queries.apart_from(ada.pk, [kim.pk, ben.pk]) == {kim.pk}


def test_a_relation_tells_everything_between_two(ada: Member, ben: Member) -> None:
    follow(ada, ben)
    connect(ben, ada, state="requested", note="Hello")
    mute(ada, ben)

    relation = queries.relation(ada, ben)

    assert relation == queries.Relation(
        ben.pk, is_following=True, connection=relation.connection, note="Hello", is_muted=True
    )
    assert relation.connection == "asked"
    assert not relation.is_connected
    assert queries.relation(ben, ada).is_followed_by


def test_guests_and_oneself_have_no_relations(ada: Member) -> None:
    assert queries.relation(None, ada) == queries.Relation(ada.pk)
    assert queries.relation(ada, ada) == queries.Relation(ada.pk, is_self=True)
    assert queries.relations(ada, []) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_relations_take_four_queries(
    ada: Member, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    others = people(count)
    connect(ada, others[0])

    with django_assert_num_queries(2):
        found = queries.relations(ada, [other.pk for other in others])

    assert [found[other.pk].is_connected for other in others] == [True] + [False] * (count - 1)


def test_the_pause_is_told_to_whom_it_binds(ada: Member, ben: Member) -> None:
    until = NOW + timedelta(days=3)
    connect(ada, ben, state="withdrawn", pausing=ada, pauses_until=until)

    with clock.at(NOW):
        assert queries.relation(ada, ben).may_ask_from == until
        assert queries.relation(ben, ada).may_ask_from is None


def test_a_relation_to_nobody_or_behind_a_block_is_not_found(ada: Member, ben: Member) -> None:
    block(ben, ada)

    for member_id in (ben.pk, ben.pk + 100):
        with pytest.raises(queries.MemberNotFound):
            queries.relation_to(ada, member_id)

    assert queries.relation_to(ben, ada.pk).is_blocked


def test_being_connected_is_one_lookup_of_one_index(ada: Member, ben: Member) -> None:
    connect(ben, ada)

    assert queries.is_connected(ada.pk, ben.pk)
    assert queries.is_connected(ben.pk, ada.pk)
    plan = Connection.objects.between(ada.pk, ben.pk).explain()
    assert "one_connection_per_pair" in plan or "(low=? AND high=?)" in plan


def test_the_network_is_counted_without_what_is_not_accepted(ada: Member) -> None:
    one, two, three = people(3)
    connect(ada, one)
    connect(two, ada)
    connect(ada, three, state="requested")
    follow(ada, one)
    follow(two, ada)
    follow(three, ada)

    assert queries.counts_of(ada.pk) == queries.Counts(connections=2, followers=2, following=1)


def test_only_open_requests_of_active_members_wait(ada: Member) -> None:
    one, two, three = people(3)
    gone = make_member("gone", is_active=False)
    connect(one, ada, state="requested")
    connect(two, ada, state="requested", requested_at=clock.now() - timedelta(days=90))
    connect(three, ada, state="declined")
    connect(gone, ada, state="requested")

    assert queries.waiting_count(ada.pk) == 1
    assert [p.member for p in queries.requests_received(ada).items] == [one]


def test_requests_sent_show_the_declined_ones_and_nobody_who_blocked(ada: Member) -> None:
    one, two, three = people(3)
    connect(ada, one, state="requested", note="Hello")
    connect(ada, two, state="declined")
    connect(ada, three, state="declined")
    block(three, ada)

    found = queries.requests_sent(ada).items

    assert [(p.member, p.relation.connection, p.note) for p in found] == [
        (two, "requested", ""),
        (one, "requested", "Hello"),
    ]


LISTS: dict[str, Callable[[Member, Member], Any]] = {
    "connections": lambda me, other: connect(me, other),
    "requests_received": lambda me, other: connect(other, me, state="requested"),
    "requests_sent": lambda me, other: connect(me, other, state="requested"),
    "followers": lambda me, other: follow(other, me),
    "following": lambda me, other: follow(me, other),
    "blocked": lambda me, other: block(me, other),
    "muted": lambda me, other: mute(me, other),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_pages_without_loss_or_repeats_in_a_fixed_number_of_queries(
    ada: Member, name: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    others = people(3)
    for other in others:
        LISTS[name](ada, other)
    find = getattr(queries, name)
    expected = 1 if name.startswith("requests") else 3

    with django_assert_num_queries(expected):
        whole = find(ada)
    with django_assert_num_queries(expected):
        first = find(ada, size=1)
    second = find(ada, size=2, cursor=first.next_cursor)

    assert [p.member for p in whole.items] == others[::-1]
    assert [p.member for p in (*first.items, *second.items)] == others[::-1]
    assert (whole.next_cursor, second.next_cursor) == ("", "")
    assert find(others[0], size=1).items == [] or name in ("connections",)


def test_connections_of_one_moment_are_not_lost_between_pages(ada: Member) -> None:
    for other in people(3):
        connect(ada, other, requested_at=NOW, answered_at=NOW)

    first = queries.connections(ada, size=2)
    second = queries.connections(ada, size=2, cursor=first.next_cursor)

    assert len({p.member.pk for p in (*first.items, *second.items)}) == 3


@pytest.mark.parametrize("stamp", ["yesterday", "2026-03-01T12:00:00"])
def test_a_made_up_cursor_is_refused(ada: Member, stamp: str) -> None:
    with pytest.raises(paging.InvalidCursor):
        queries.connections(ada, cursor=paging.encode_cursor(stamp, 1))


def test_suspended_members_leave_the_lists_but_not_the_blocks(ada: Member) -> None:
    gone = make_member("gone", is_active=False)
    follow(gone, ada)
    connect(ada, gone)
    block(ada, gone)

    assert queries.followers(ada).items == []
    assert queries.connections(ada).items == []
    assert [p.member for p in queries.blocked(ada).items] == [gone]


def test_connections_are_found_by_name_and_handle(ada: Member, ben: Member) -> None:
    eve = make_member("eve", "Eve Okri")
    connect(ada, ben)
    connect(eve, ada)
    make_member("okri_too", "Okri Stranger")

    assert queries.connections_called(ada, "okri", 5) == [ben, eve]
    assert queries.connections_called(ada, "@be", 5) == [ben]
    assert queries.connections_called(ada, " ", 5) == []
    assert queries.connections_called(None, "ben", 5) == []


def test_suggestions_say_what_two_have_in_common_strongest_first(ada: Member, ben: Member) -> None:
    near, far, alike = (make_member(h) for h in ("near", "far", "alike"))
    guild = make_organisation(ada, "guild", name="Design Guild")
    join(guild, near)
    connect(ada, ben)
    connect(ben, far)
    for member in (ada, ben, near, far):
        make_profile(member, skills=("accounting",) if member == ada else ())
    make_profile(alike, skills=("accounting",))

    found = queries.suggestions(ada)

    assert [(s.member, s.reason) for s in found] == [
        (near, "You both belong to Design Guild"),
        (far, "Connected with Ben Okri"),
        (alike, "You share a skill: Use accounting systems"),
    ]


def test_nobody_known_hidden_unlisted_or_away_is_suggested(ada: Member) -> None:
    guild = make_organisation(ada, "guild")
    make_profile(ada)
    kinds: dict[str, Callable[[Member], Any]] = {
        "followed": lambda other: follow(ada, other),
        "connected": lambda other: connect(ada, other),
        "asked": lambda other: connect(ada, other, state="requested"),
        "declined": lambda other: connect(other, ada, state="declined"),
        "muted": lambda other: mute(ada, other),
        "blocked": lambda other: block(ada, other),
        "blocking": lambda other: block(other, ada),
    }
    for handle, make_known in kinds.items():
        other = make_member(handle)
        make_profile(other)
        join(guild, other)
        make_known(other)
    for handle, active, listed in (("away", False, True), ("unlisted", True, False), ("free", True, True)):
        other = make_member(handle, is_active=active)
        make_profile(other, is_listed=listed)
        join(guild, other)

    assert names(queries.suggestions(ada)) == ["free"]


def test_skills_shown_to_connections_only_are_no_reason(ada: Member, ben: Member) -> None:
    make_profile(ada, skills=("accounting",))
    make_profile(ben, skills=("accounting",), skills_shown_to="connections")

    assert queries.suggestions(ada) == []


@pytest.mark.parametrize("count", [1, 3])
def test_suggestions_take_a_fixed_number_of_queries(
    ada: Member, ben: Member, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    guild = make_organisation(ada, "guild")
    make_profile(ada, skills=("accounting",))
    connect(ada, ben)
    for other in people(count):
        make_profile(other, skills=("accounting",))
        join(guild, other)
        connect(ben, other)

    with django_assert_num_queries(8):
        found = queries.suggestions(ada, limit=1)

    assert len(found) == 1


def test_a_newcomer_meets_those_whom_others_follow(
    ada: Member, ben: Member, django_assert_num_queries: Callable[..., Any]
) -> None:
    read, known, unlisted = make_member("read"), make_member("known"), make_member("unlisted")
    for member in (read, known):
        make_profile(member)
    make_profile(unlisted, is_listed=False)
    for followed in (read, known, unlisted):
        follow(ben, followed)
    follow(known, read)

    with django_assert_num_queries(8):
        found = queries.suggestions(ada)

    assert [(suggestion.member.handle, suggestion.reason) for suggestion in found] == [
        ("read", "Followed by 2 members"),
        ("known", "Followed by another member"),
    ]


def test_without_connections_nobody_is_near(ada: Member) -> None:
    assert queries.suggestions(ada) == []


def test_rows_of_the_blocked_are_left_out_for_both(ada: Member, ben: Member) -> None:
    eve = make_member("eve")
    block(ada, ben)
    follow(eve, ben)
    follow(eve, ada)
    rows = Follow.objects.order_by("pk")

    assert [f.followed for f in rows.filter(unblocked(ada, "followed_id"))] == [ada]
    assert [f.followed for f in rows.filter(unblocked(ben, "followed_id"))] == [ben]
    assert rows.filter(unblocked(eve, "followed_id")).count() == 2
    assert rows.filter(unblocked(None, "followed_id")).count() == 2


def test_a_connection_is_known_to_its_two_sides(ada: Member, ben: Member) -> None:
    connection = connect(ada, ben)
    eve = make_member("eve")

    assert (
        list(Connection.objects.visible_to(ada)) == list(Connection.objects.visible_to(ben)) == [connection]
    )
    assert list(Connection.objects.visible_to(eve)) == list(Connection.objects.visible_to(None)) == []
    assert str(connection) == f"{ada.pk} and {ben.pk}: accepted"


def test_the_circle_tells_profiles_who_is_close_and_who_apart(ada: Member, ben: Member) -> None:
    eve = make_member("eve")
    connect(ada, ben)
    block(eve, ada)
    circle = points.CIRCLES["network"]

    assert list(circle.close(ada.pk)) == [ben.pk]
    assert list(circle.apart(ada.pk)) == [eve.pk]
