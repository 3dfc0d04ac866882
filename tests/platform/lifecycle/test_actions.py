"""One process leads at a time, and what happens once is remembered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from guildry.kernel import bus, clock
from guildry.kernel.permissions import SYSTEM
from guildry.platform.audit.models import Entry
from guildry.platform.lifecycle import actions, graph, queries
from guildry.platform.lifecycle.actions import Leadership
from guildry.platform.lifecycle.events import DrainOrdered, RestartOrdered
from guildry.platform.lifecycle.models import Lease, Occasion

pytestmark = pytest.mark.django_db


def hold(holder: str) -> bool:
    return actions.hold_lease(SYSTEM, name="mail", holder=holder, seconds=10)


def test_a_lease_belongs_to_one_until_it_expires() -> None:
    now = clock.now()
    with clock.at(now):
        taken = [hold("a"), hold("b"), hold("a")]
    with clock.at(now + timedelta(seconds=9)):
        kept = [hold("b"), queries.holder_of("mail") == "a"]
    with clock.at(now + timedelta(seconds=10)):
        passed_on = [queries.holder_of("mail") == "", hold("b"), hold("a")]

    assert taken == [True, False, True]
    assert kept == [False, True]
    assert passed_on == [True, True, False]


def test_an_extended_lease_lasts_longer() -> None:
    now = clock.now()
    for seconds in (0, 8, 16):
        with clock.at(now + timedelta(seconds=seconds)):
            assert hold("a")

    with clock.at(now + timedelta(seconds=25)):
        assert not hold("b")


def test_only_the_holder_gives_a_lease_back() -> None:
    hold("a")

    actions.release_lease(SYSTEM, name="mail", holder="b")
    still = queries.holder_of("mail")
    actions.release_lease(SYSTEM, name="mail", holder="a")

    assert (still, queries.holder_of("mail")) == ("a", "")


def test_an_occasion_happens_once() -> None:
    before = queries.has_happened("opened")

    for _ in range(2):
        actions.mark_occasion(SYSTEM, name="opened")

    assert (before, queries.has_happened("opened")) == (False, True)
    assert Occasion.objects.count() == 1


@pytest.fixture
def leadership() -> Leadership:
    return Leadership("mail", seconds=20)


def test_a_leader_asks_the_database_only_now_and_then(
    leadership: Leadership, django_assert_num_queries: object
) -> None:
    assert leadership.holds()

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert leadership.holds()

    assert queries.holder_of("mail") == queries.own_name()


def test_nobody_leads_beside_another(leadership: Leadership) -> None:
    Lease.objects.create(name="mail", holder="another", expires_at=clock.now() + timedelta(minutes=1))

    assert not leadership.holds()
    leadership.resign()

    assert queries.holder_of("mail") == "another"


def test_who_resigns_makes_room_at_once_and_may_lead_again(leadership: Leadership) -> None:
    leadership.holds()

    leadership.resign()
    free = queries.holder_of("mail")

    assert free == ""
    assert leadership.holds()


@pytest.mark.parametrize(("order", "fact"), [("restart", RestartOrdered), ("drain", DrainOrdered)])
def test_an_order_from_the_machine_is_a_privileged_act(
    order: str, fact: type[RestartOrdered | DrainOrdered], deliver: Callable[[], int]
) -> None:
    actions.record_order(SYSTEM, order=order, process_id=7, generation=2, reason="Ordered by root at here")

    deliver()
    entry = Entry.objects.get()
    assert (entry.name, entry.subject, entry.reason) == (fact.name, "process:7", "Ordered by root at here")
    assert entry.before == bus.digest_of({"generation": 2})
    assert entry.after == bus.digest_of({"generation": 3 if order == "restart" else None})


def test_whoever_listens_hears_of_every_change_of_state_until_they_stop() -> None:
    process = graph.Process()
    heard: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "PROCESS", process)
        stop = queries.on_transition(heard.append)
        process.start([], frozenset())
        stop()
        process.drain()

    assert [transition.state for transition in heard] == ["starting", "ready"]
