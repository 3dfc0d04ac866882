"""What members do about each other, how often, and what becomes of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from guildry.kernel import clock, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.people.network import actions, queries, rules
from guildry.people.network.events import (
    ConnectionAccepted,
    ConnectionDeclined,
    ConnectionEnded,
    ConnectionRequested,
    ConnectionWithdrawn,
    MemberBlocked,
    MemberFollowed,
    MemberMuted,
    MemberUnblocked,
    MemberUnfollowed,
    MemberUnmuted,
)
from guildry.people.network.models import Block, Connection, Follow, Mute
from tests.factories.facts import all_published
from tests.factories.network import block, connect, follow
from tests.factories.people import make_member

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


def both_follow(one: Member, other: Member) -> bool:
    pairs = set(Follow.objects.values_list("follower_id", "followed_id"))
    return pairs == {(one.pk, other.pk), (other.pk, one.pk)}


def test_following_twice_is_following_once(ada: Member, ben: Member) -> None:
    first = actions.follow_member(ada, member_id=ben.pk)
    again = actions.follow_member(ada, member_id=ben.pk)

    assert first == again
    assert all_published() == [MemberFollowed(ada.pk, ben.pk)]


def test_unfollowing_twice_tells_once(ada: Member, ben: Member) -> None:
    follow(ada, ben)

    actions.unfollow_member(ada, member_id=ben.pk)
    actions.unfollow_member(ada, member_id=ben.pk)

    assert Follow.objects.count() == 0
    assert all_published() == [MemberUnfollowed(ada.pk, ben.pk)]


ACTS: list[Callable[..., object]] = [
    actions.follow_member,
    actions.unfollow_member,
    actions.request_connection,
    actions.accept_request,
    actions.decline_request,
    actions.withdraw_request,
    actions.end_connection,
    actions.leave_connection,
    actions.block_member,
    actions.unblock_member,
    actions.mute_member,
    actions.unmute_member,
]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_it_with_themselves_with_nobody_or_as_nobody(
    ada: Member, act: Callable[..., object]
) -> None:
    with pytest.raises(actions.NotWithYourself):
        act(ada, member_id=ada.pk)
    with pytest.raises(actions.MemberNotFound):
        act(ada, member_id=ada.pk + 1000)
    with pytest.raises(errors.Unauthenticated):
        act(SYSTEM, member_id=ada.pk)

    assert all_published() == []


@pytest.mark.parametrize("act", [actions.follow_member, actions.request_connection, actions.mute_member])
def test_a_block_reads_like_nobody_from_outside_and_says_so_from_inside(
    ada: Member, ben: Member, act: Callable[..., object]
) -> None:
    block(ada, ben)

    with pytest.raises(actions.YouBlockedThem):
        act(ada, member_id=ben.pk)
    with pytest.raises(actions.MemberNotFound):
        act(ben, member_id=ada.pk)

    assert (Follow.objects.count(), Connection.objects.count(), Mute.objects.count()) == (0, 0, 0)


def test_somebody_suspended_is_not_followed(ada: Member) -> None:
    gone = make_member("gone", is_active=False)

    with pytest.raises(actions.MemberNotFound):
        actions.follow_member(ada, member_id=gone.pk)


def test_a_flood_of_follows_stops_at_the_limit(ada: Member) -> None:
    others = [make_member(f"m{number}") for number in range(rules.FOLLOWS_HOURLY_OF_NEWCOMERS + 1)]

    for other in others[:-1]:
        actions.follow_member(ada, member_id=other.pk)
    with pytest.raises(errors.TooMany) as refusal:
        actions.follow_member(ada, member_id=others[-1].pk)

    assert Follow.objects.count() == rules.FOLLOWS_HOURLY_OF_NEWCOMERS
    assert 0 < (refusal.value.retry_after or 0) <= 180


def test_a_request_carries_a_clean_note(ada: Member, ben: Member) -> None:
    with clock.at(NOW):
        made = actions.request_connection(ada, member_id=ben.pk, note="  We met\r\nin Leeds\u200b ")

    assert (made.state, made.note, made.requested_at) == ("requested", "We met\nin Leeds", NOW)
    assert all_published() == [ConnectionRequested(ada.pk, ben.pk)]


def test_a_note_too_long_is_refused_at_its_field(ada: Member, ben: Member) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.request_connection(ada, member_id=ben.pk, note="x" * 301)

    assert [error.field for error in refusal.value.errors] == ["note"]
    assert Connection.objects.count() == 0


def test_accepting_connects_and_makes_both_follow(ada: Member, ben: Member) -> None:
    follow(ada, ben)
    actions.request_connection(ada, member_id=ben.pk)

    actions.accept_request(ben, member_id=ada.pk)

    assert queries.is_connected(ada.pk, ben.pk)
    assert both_follow(ada, ben)
    assert all_published() == [ConnectionRequested(ada.pk, ben.pk), ConnectionAccepted(ada.pk, ben.pk)]


def test_two_who_ask_each_other_are_connected(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)

    actions.request_connection(ben, member_id=ada.pk)

    assert Connection.objects.count() == 1
    assert all_published()[-1] == ConnectionAccepted(ada.pk, ben.pk)


def test_whoever_declined_and_then_asks_is_connected_at_once(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)
    actions.decline_request(ben, member_id=ada.pk)

    actions.request_connection(ben, member_id=ada.pk)

    assert queries.is_connected(ada.pk, ben.pk)


def test_the_asker_cannot_accept_for_the_other(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)

    for act in (actions.accept_request, actions.decline_request):
        with pytest.raises(actions.RequestNotFound):
            act(ada, member_id=ben.pk)

    assert not queries.is_connected(ada.pk, ben.pk)


def test_asking_twice_or_when_connected_is_refused(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)
    with pytest.raises(actions.AlreadyAsked):
        actions.request_connection(ada, member_id=ben.pk)
    actions.accept_request(ben, member_id=ada.pk)

    with pytest.raises(actions.AlreadyConnected, match="Ben Okri"):
        actions.request_connection(ada, member_id=ben.pk)

    assert len(all_published()) == 2


def test_declining_shows_nothing_to_the_asker(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)

    actions.decline_request(ben, member_id=ada.pk)

    assert queries.relation(ada, ben).connection == "requested"
    assert queries.relation(ben, ada).connection == "none"
    with pytest.raises(actions.AlreadyAsked):
        actions.request_connection(ada, member_id=ben.pk)
    with pytest.raises(actions.RequestNotFound):
        actions.accept_request(ben, member_id=ada.pk)
    assert all_published()[-1] == ConnectionDeclined(ada.pk, ben.pk)


@pytest.mark.parametrize("is_declined", [True, False])
def test_a_withdrawn_request_may_be_repeated_after_the_pause(
    ada: Member, ben: Member, is_declined: bool
) -> None:
    with clock.at(NOW):
        actions.request_connection(ada, member_id=ben.pk)
        if is_declined:
            actions.decline_request(ben, member_id=ada.pk)
        actions.withdraw_request(ada, member_id=ben.pk)
        with pytest.raises(actions.AskedTooSoon, match="31 March 2026"):
            actions.request_connection(ada, member_id=ben.pk)

    with clock.at(NOW + rules.PAUSE):
        actions.request_connection(ada, member_id=ben.pk)

    assert Connection.objects.get().state == "requested"
    assert all_published()[-2:] == [ConnectionWithdrawn(ada.pk, ben.pk), ConnectionRequested(ada.pk, ben.pk)]


def test_the_other_side_may_ask_during_the_pause(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)
    actions.withdraw_request(ada, member_id=ben.pk)

    made = actions.request_connection(ben, member_id=ada.pk)

    assert (made.requester, made.addressee, made.state) == (ben, ada, "requested")


def test_a_lapsed_request_is_neither_accepted_nor_in_the_way(ada: Member, ben: Member) -> None:
    with clock.at(NOW):
        actions.request_connection(ada, member_id=ben.pk)

    with clock.at(NOW + rules.REQUEST_LASTS):
        with pytest.raises(actions.RequestNotFound):
            actions.accept_request(ben, member_id=ada.pk)
        with pytest.raises(actions.RequestNotFound):
            actions.withdraw_request(ada, member_id=ben.pk)
        actions.request_connection(ada, member_id=ben.pk)

    assert Connection.objects.get().requested_at == NOW + rules.REQUEST_LASTS


def test_an_ended_connection_pauses_the_side_that_did_not_end_it(ada: Member, ben: Member) -> None:
    connect(ada, ben)

    actions.end_connection(ada, member_id=ben.pk)

    assert not queries.is_connected(ada.pk, ben.pk)
    with pytest.raises(actions.AskedTooSoon):
        actions.request_connection(ben, member_id=ada.pk)
    actions.request_connection(ada, member_id=ben.pk)
    assert all_published()[0] == ConnectionEnded(ada.pk, ben.pk)


def test_only_the_connected_end_a_connection(ada: Member, ben: Member) -> None:
    actions.request_connection(ada, member_id=ben.pk)

    with pytest.raises(actions.NotConnected):
        actions.end_connection(ada, member_id=ben.pk)
    with pytest.raises(actions.RequestNotFound):
        actions.withdraw_request(ben, member_id=ada.pk)

    assert len(all_published()) == 1


def test_leaving_takes_a_request_back_or_ends_a_connection(ada: Member, ben: Member) -> None:
    eve = make_member("eve")
    actions.request_connection(ada, member_id=ben.pk)
    connect(ada, eve)

    actions.leave_connection(ada, member_id=ben.pk)
    actions.leave_connection(ada, member_id=eve.pk)

    assert sorted(Connection.objects.values_list("state", flat=True)) == ["ended", "withdrawn"]


def test_requests_stop_at_the_limit_of_the_day(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(created_at=LONG_AGO)
    ada.refresh_from_db()
    others = [make_member(f"m{number}") for number in range(rules.REQUESTS_DAILY + 1)]

    for other in others[:-1]:
        actions.request_connection(ada, member_id=other.pk)
    with pytest.raises(errors.TooMany):
        actions.request_connection(ada, member_id=others[-1].pk)

    assert Connection.objects.count() == rules.REQUESTS_DAILY


def test_a_block_ends_everything_both_ways_and_is_told_once(ada: Member, ben: Member) -> None:
    follow(ada, ben)
    follow(ben, ada)
    connect(ada, ben)

    actions.block_member(ben, member_id=ada.pk)
    actions.block_member(ben, member_id=ada.pk)

    assert Follow.objects.count() == 0
    assert not queries.is_connected(ada.pk, ben.pk)
    assert all_published() == [MemberBlocked(ben.pk, ada.pk)]


@pytest.mark.parametrize(
    ("state", "blocker", "after"),
    [
        ("requested", "asker", "withdrawn"),
        ("declined", "asker", "withdrawn"),
        ("requested", "asked", "declined"),
        ("declined", "asked", "declined"),
        ("ended", "asker", "ended"),
    ],
)
def test_blocking_is_no_way_around_the_pause(
    ada: Member, ben: Member, state: str, blocker: str, after: str
) -> None:
    connect(ada, ben, state=state)
    actor, other = (ada, ben) if blocker == "asker" else (ben, ada)

    actions.block_member(actor, member_id=other.pk)
    actions.unblock_member(actor, member_id=other.pk)

    connection = Connection.objects.get()
    assert connection.state == after
    if after == "withdrawn":
        with pytest.raises(actions.AskedTooSoon):
            actions.request_connection(ada, member_id=ben.pk)


def test_unblocking_brings_nothing_back_and_tells_once(ada: Member, ben: Member) -> None:
    block(ada, ben)

    actions.unblock_member(ada, member_id=ben.pk)
    actions.unblock_member(ada, member_id=ben.pk)

    assert Block.objects.count() == 0
    assert all_published() == [MemberUnblocked(ada.pk, ben.pk)]


def test_muting_and_unmuting_are_told_once_each(ada: Member, ben: Member) -> None:
    assert actions.mute_member(ada, member_id=ben.pk) == actions.mute_member(ada, member_id=ben.pk)
    actions.unmute_member(ada, member_id=ben.pk)
    actions.unmute_member(ada, member_id=ben.pk)

    assert all_published() == [MemberMuted(ada.pk, ben.pk), MemberUnmuted(ada.pk, ben.pk)]


def test_a_pair_has_one_row_whoever_asks(ada: Member, ben: Member) -> None:
    from django.db import IntegrityError, transaction

    connect(ada, ben)

    with pytest.raises(IntegrityError), transaction.atomic():
        connect(ben, ada)

    assert Connection.objects.count() == 1
