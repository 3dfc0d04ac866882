"""What the dispatcher tells whom, in which order, and what a socket that comes back gets."""

import json
from typing import Any

import pytest
from django.db import transaction

from guildry.community.timeline.events import PostPublished
from guildry.community.timeline.rules import Audience
from guildry.kernel import bus, errors
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions as accounts
from guildry.people.accounts.models import Member
from guildry.people.organisations.events import MembershipStarted
from guildry.people.organisations.models import Organisation
from guildry.platform.facts import actions as facts
from guildry.platform.facts import queries
from guildry.platform.realtime import rules
from guildry.platform.realtime.gateway import Gateway
from guildry.platform.realtime.gateway.dispatcher import Dispatcher
from tests.factories import notifications, organisations
from tests.platform.realtime.listeners import Room, ask, bodies, runs

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def dispatcher(room: Room) -> Dispatcher:
    return Dispatcher(room)


@pytest.fixture
def token_id(ada: Member) -> int:
    return token_of(ada)


def token_of(member: Member) -> int:
    return int(accounts.issue_token(member, name="tests", scopes=["read", "write"], days=7).token.pk)


def publish(author: Member, *post_ids: int, organisation_id: int | None = None) -> None:
    audience = Audience.ORGANISATION if organisation_id else Audience.EVERYONE
    with transaction.atomic():
        for post_id in post_ids:
            bus.publish(PostPublished(post_id, author.pk, audience, organisation_id), actor=author)
    facts.seal_facts(SYSTEM)


def join(group: Organisation, member: Member) -> None:
    organisations.join(group, member)
    with transaction.atomic():
        bus.publish(MembershipStarted(group.pk, member.pk), actor=member)


def heard(frames: list[bytes]) -> list[tuple[str, dict[str, Any]]]:
    """Return the event and body of every frame."""
    texts = [body.decode() for frame in frames for body in bodies(frame)]
    return [tuple(json.loads(text[text.index("[") :])) for text in texts]


def posts(frames: list[bytes]) -> list[int]:
    return [body["post_id"] for event, body in heard(frames) if event == "post.new"]


def test_the_order_is_followed_before_the_application_is_built_and_where_no_sockets_are(
    ada: Member,
) -> None:
    gateway = Gateway()
    publish(ada, 1)
    facts.seal_facts(SYSTEM)

    assert gateway.dispatcher.look() is False
    assert gateway.dispatcher.seq == queries.last_seq()


def test_facts_of_before_the_start_are_told_to_nobody(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    room.seat(ada, token_id=token_id)
    publish(ada, 1)

    dispatcher.look()

    assert room.told == []
    assert dispatcher.seq == facts.queries.last_seq()


def test_facts_are_told_in_their_order_each_with_its_place(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    room.seat(ada, token_id=token_id)
    dispatcher.look()
    publish(ada, 1, 2)
    publish(ada, 3)

    dispatcher.look()

    told = heard([frame for _, frame in room.told])
    assert [body["post_id"] for _, body in told] == [1, 2, 3]
    places = [body["seq"] for _, body in told]
    assert places == sorted(places)
    assert places[-1] == dispatcher.seq


def test_what_follows_one_another_in_a_room_is_written_at_once(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    room.seat(ada, token_id=token_id)
    dispatcher.look()
    publish(ada, *range(1, 9))

    dispatcher.look()

    assert [name for name, _ in room.told] == ["everyone"]
    assert posts([frame for _, frame in room.told]) == list(range(1, 9))


def test_the_order_between_rooms_is_kept(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    group = organisations.make_organisation(ada)
    room.seat(ada, token_id=token_id)
    dispatcher.look()
    publish(ada, 1)
    publish(ada, 2, organisation_id=group.pk)
    publish(ada, 3)

    dispatcher.look()

    assert [name for name, _ in room.told] == ["everyone", f"organisation:{group.pk}", "everyone"]


def test_nothing_is_remembered_while_nobody_is_here(room: Room, dispatcher: Dispatcher, ada: Member) -> None:
    dispatcher.look()
    publish(ada, 1)

    dispatcher.look()

    assert (room.told, list(dispatcher._remembered)) == ([], [])
    assert dispatcher.seq == facts.queries.last_seq()


def test_a_process_that_lets_no_sockets_in_follows_the_order_all_the_same(ada: Member) -> None:
    dispatcher = Gateway().dispatcher
    publish(ada, 1, 2)

    assert dispatcher.look() is False

    assert dispatcher.seq == facts.queries.last_seq()


def test_a_socket_that_says_nothing_hears_from_now_on(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    socket = room.seat(ada, token_id=token_id)
    publish(ada, 1)

    answer = ask(dispatcher, socket)

    assert answer == {"ok": True, "last_seq": dispatcher.seq}
    assert socket.connection.line.written == []
    assert socket.is_live
    assert room.places[socket.sid] == {"everyone", f"member:{ada.pk}"}


def test_a_socket_that_comes_back_gets_what_it_missed_from_memory_and_from_before(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    publish(ada, 1)
    first = facts.queries.last_seq()
    publish(ada, 2)
    socket = room.seat(ada, token_id=token_id)
    dispatcher.look()
    publish(ada, 3)

    ask(dispatcher, socket, after_seq=first)

    assert posts(socket.connection.line.written) == [2, 3]


def test_only_ones_own_rooms_are_recalled(
    room: Room, dispatcher: Dispatcher, ada: Member, ben: Member, token_id: int
) -> None:
    group = organisations.make_organisation(ada)
    facts.seal_facts(SYSTEM)
    start = facts.queries.last_seq()
    publish(ada, 1, organisation_id=group.pk)
    publish(ada, 2)
    member, guest = room.seat(ada, token_id=token_id), room.seat(ben, token_id=token_of(ben))

    ask(dispatcher, member, after_seq=start)
    ask(dispatcher, guest, after_seq=start)

    assert posts(member.connection.line.written) == [1, 2]
    assert posts(guest.connection.line.written) == [2]


def test_a_fact_of_several_parts_is_resumed_in_the_middle(
    room: Room, dispatcher: Dispatcher, ada: Member, ben: Member, token_id: int
) -> None:
    dispatcher.look()
    notifications.tell(ada, actor=ben)
    facts.seal_facts(SYSTEM)
    last = facts.queries.last_seq()
    everything, rest, nothing = (room.seat(ada, "/me", token_id=token_id) for _ in range(3))

    ask(dispatcher, everything, after_seq=last - 1)
    ask(dispatcher, rest, after_seq=last, after_part=0)
    ask(dispatcher, nothing, after_seq=last)

    assert [event for event, _ in heard(everything.connection.line.written)] == ["notification", "counters"]
    assert [(event, body["part"]) for event, body in heard(rest.connection.line.written)] == [("counters", 1)]
    assert nothing.connection.line.written == []


@pytest.mark.parametrize("after_seq", [10_000_000, -1 - rules.MOST_BEHIND])
def test_a_place_in_no_past_of_ours_asks_for_a_new_page(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int, after_seq: int
) -> None:
    socket = room.seat(ada, token_id=token_id)

    answer = ask(dispatcher, socket, after_seq=after_seq)

    assert answer == {"ok": True, "last_seq": dispatcher.seq, "reset": True}
    assert socket.is_live


def test_more_than_can_be_replayed_asks_for_a_new_page(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_REPLAYED", 2)
    start = facts.queries.last_seq()
    publish(ada, 1, 2, 3)
    socket = room.seat(ada, token_id=token_id)

    assert ask(dispatcher, socket, after_seq=start)["reset"] is True
    assert socket.connection.line.written == []


def test_a_live_socket_that_asks_again_gets_nothing_twice(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    start = facts.queries.last_seq()
    publish(ada, 1)
    socket = room.seat(ada, token_id=token_id)

    ask(dispatcher, socket, after_seq=start)
    ask(dispatcher, socket, after_seq=start)

    assert posts(socket.connection.line.written) == [1]


def test_what_is_too_old_is_forgotten(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_BEHIND", 2)
    room.seat(ada, token_id=token_id)
    dispatcher.look()
    publish(ada, 1, 2, 3, 4)

    dispatcher.look()

    assert [letter.body["post_id"] for letter in dispatcher._remembered] == [3, 4]


def test_a_member_who_joins_hears_the_very_next_fact_there(
    room: Room, dispatcher: Dispatcher, ada: Member, ben: Member
) -> None:
    group = organisations.make_organisation(ada)
    facts.seal_facts(SYSTEM)
    socket = room.seat(ben, token_id=token_of(ben))
    ask(dispatcher, socket)
    publish(ada, 1)
    join(group, ben)
    publish(ada, 2, organisation_id=group.pk)

    dispatcher.look()

    assert f"organisation:{group.pk}" in room.places[socket.sid]
    assert runs(room.order) == ["place", "broadcast", "place", "broadcast"]


def test_a_socket_that_has_not_resumed_is_put_nowhere(
    room: Room, dispatcher: Dispatcher, ada: Member, ben: Member
) -> None:
    group = organisations.make_organisation(ada)
    socket = room.seat(ben, token_id=token_of(ben))
    dispatcher.look()
    join(group, ben)
    facts.seal_facts(SYSTEM)

    dispatcher.look()

    assert socket.sid not in room.places


def test_a_revoked_token_dismisses_its_sockets_and_no_others(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    other = token_of(ada)
    ended, going_on = room.seat(ada, token_id=token_id), room.seat(ada, token_id=other)
    ask(dispatcher, ended)
    ask(dispatcher, going_on)
    accounts.revoke_token(ada, token_id=token_id)
    facts.seal_facts(SYSTEM)

    dispatcher.look()

    assert room.dismissed == [(ada.pk, "token_revoked")]


def test_a_pass_that_ran_out_without_a_fact_is_found(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    socket = room.seat(ada, token_id=token_id + 1000)
    socket.verified_at = float("-inf")

    dispatcher.look()

    assert room.dismissed == [(ada.pk, "session_ended")]
    assert socket.verified_at > 0


def test_a_pass_that_is_over_resumes_nothing(
    room: Room, dispatcher: Dispatcher, ada: Member, token_id: int
) -> None:
    accounts.revoke_token(ada, token_id=token_id)
    socket = room.seat(ada, token_id=token_id)

    with pytest.raises(errors.Unauthenticated):
        ask(dispatcher, socket, after_seq=0)

    assert not socket.is_live


def test_without_a_loop_nothing_is_delivered_and_nothing_fails(
    dispatcher: Dispatcher, room: Room, ada: Member, token_id: int
) -> None:
    room.loop = None
    room.seat(ada, token_id=token_id)
    dispatcher.look()
    publish(ada, 1)

    dispatcher.look()

    assert room.told == []
    assert dispatcher.silence() < 5
