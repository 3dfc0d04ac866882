"""Who is said to be here: only what changed is written, and the lease in time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from guildry.kernel import clock
from guildry.people.accounts.models import Member
from guildry.platform.lifecycle.queries import own_name
from guildry.platform.realtime import commands, queries, rules
from guildry.platform.realtime.gateway import GATEWAY, presence
from guildry.platform.realtime.gateway.presence import PresenceKeeper
from guildry.platform.realtime.models import PresenceLease
from tests.platform.realtime.listeners import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(ada: Member) -> Iterator[Member]:
    """Ada, with a socket at the gateway of this process."""
    GATEWAY._of_member[ada.pk] = {Room().seat(ada, token_id=1)}
    yield ada
    GATEWAY._of_member.clear()


@pytest.fixture
def keeper() -> PresenceKeeper:
    return PresenceKeeper()


@dataclass
class Watch:
    """A watch that stands still until it is set forward."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    standing = Watch()
    monkeypatch.setattr(presence, "time", standing)
    return standing


def test_a_member_with_a_socket_is_present(keeper: PresenceKeeper, here: Member) -> None:
    assert keeper.tick() is False

    assert queries.is_present(here.pk)
    assert PresenceLease.objects.get().process == own_name()


def test_nothing_is_written_while_nothing_changes(
    keeper: PresenceKeeper, here: Member, django_assert_num_queries: object
) -> None:
    keeper.tick()

    with django_assert_num_queries(0):  # type: ignore[operator]
        keeper.tick()


def test_nothing_is_written_while_nobody_is_here(
    keeper: PresenceKeeper, db: None, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        keeper.tick()


def test_the_lease_is_renewed_before_it_runs_out(keeper: PresenceKeeper, here: Member, watch: Watch) -> None:
    third = rules.PRESENCE_LEASE / 3
    began = clock.now()
    with clock.at(began):
        keeper.tick()
    watch.now += third.total_seconds()
    with clock.at(began + third):
        keeper.tick()

    assert PresenceLease.objects.get().expires_at == began + third + rules.PRESENCE_LEASE


def test_a_member_who_changes_pages_stays_and_one_who_left_goes(
    keeper: PresenceKeeper, here: Member, watch: Watch
) -> None:
    keeper.tick()
    GATEWAY._of_member.clear()
    watch.now += rules.LINGER - 1
    keeper.tick()
    assert queries.is_present(here.pk)
    watch.now += 2
    keeper.tick()
    assert not queries.is_present(here.pk)


def test_the_probe_says_how_many_are_here(here: Member) -> None:
    assert commands.probe() == "not in this role"
    GATEWAY.dispatcher.seq = 7
    GATEWAY.dispatcher._looked_at = float("inf")
    try:
        assert commands.probe() == "0 sockets of 1 members, dispatched to 7"
    finally:
        GATEWAY.dispatcher.seq, GATEWAY.dispatcher._looked_at = None, 0.0


def test_the_probe_fails_when_the_dispatcher_stands_still(db: None) -> None:
    GATEWAY.dispatcher.seq = 7
    GATEWAY.dispatcher._looked_at = float("-inf")
    try:
        with pytest.raises(RuntimeError, match="the dispatcher has not looked for"):
            commands.probe()
    finally:
        GATEWAY.dispatcher.seq, GATEWAY.dispatcher._looked_at = None, 0.0
