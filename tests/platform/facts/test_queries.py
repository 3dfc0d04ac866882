"""Facts are read in their one order."""

import pytest

from guildry.kernel import bus, hints
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts import actions, queries
from tests.platform.facts.events import BellRang, EchoHeard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def six_facts() -> None:
    for bell in range(6):
        bus.publish(BellRang(bell), actor=SYSTEM)
    actions.seal_facts(SYSTEM)


def test_sealed_facts_come_back_in_their_order_after_a_place() -> None:
    assert [(sealed.seq, sealed.fact) for sealed in queries.facts_after(4)] == [
        (5, BellRang(4)),
        (6, BellRang(5)),
    ]
    assert [sealed.seq for sealed in queries.facts_after(0, limit=2)] == [1, 2]
    assert queries.last_seq() == 6


def test_whoever_waits_for_sealed_facts_is_woken_until_they_stop() -> None:
    woken: list[int] = []
    stop = queries.on_sealed(lambda: woken.append(1))

    hints.send("facts.sealed")
    stop()
    hints.send("facts.sealed")

    assert woken == [1]


def test_the_backlog_of_a_chain_at_rest_is_empty() -> None:
    backlog = queries.backlog()

    assert (backlog.unsealed, backlog.waiting, backlog.dead, backlog.oldest_seconds) == (0, 0, 0, 0.0)


def test_a_stretch_gives_the_facts_asked_for_and_says_how_far_it_goes() -> None:
    start, end = 6, 6 + queries.LONGEST
    for place in range(start + 1, end + 2):
        bus.publish(EchoHeard(place) if place % 2 else BellRang(place), actor=SYSTEM)
    actions.seal_facts(SYSTEM)
    bells = frozenset({BellRang.name})

    first = queries.facts_following(start, bells)
    second = queries.facts_following(first.until, bells)
    third = queries.facts_following(second.until, bells)

    assert [(place.seq, fact) for place, fact in first.facts] == [
        (place, BellRang(place)) for place in range(start + 2, end + 1, 2)
    ]
    assert (first.until, first.has_more) == (end, True)
    assert second == queries.Stretch([], end + 1, has_more=False)
    assert third == second
