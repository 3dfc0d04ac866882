"""A limit lets a burst through, then exactly its rate, and says when to come back."""

import uuid

import pytest
import redis
import time_machine
from django.conf import settings

from guildry.kernel import errors, limits


@pytest.fixture(autouse=True)
def own_store() -> limits.LocalStore:
    store = limits.LocalStore()
    limits.use_store(store)
    return store


def spend_until_refused(key: str, most: int) -> int:
    for count in range(most):
        try:
            limits.spend(key, burst=5, per_second=1)
        except errors.TooMany:
            return count
    return most


def test_the_burst_passes_and_the_next_waits_its_turn() -> None:
    assert spend_until_refused("a", 100) == 5

    with pytest.raises(errors.TooMany) as refusal:
        limits.spend("a", burst=5, per_second=1)

    assert refusal.value.retry_after == pytest.approx(1, abs=0.1)


def test_keys_do_not_share_their_allowance() -> None:
    spend_until_refused("a", 100)

    assert spend_until_refused("b", 100) == 5


def test_a_refusal_takes_nothing_and_time_gives_back() -> None:
    store = limits.LocalStore()
    assert [store.advance("a", 1, 2).wait > 0 for _ in range(4)] == [False, False, True, True]
    store._arrivals["a"] -= 1.0
    assert store.advance("a", 1, 2).wait == 0


def test_a_large_cost_takes_more() -> None:
    limits.spend("a", burst=5, per_second=1, cost=5)

    with pytest.raises(errors.TooMany):
        limits.spend("a", burst=5, per_second=1)


def test_full_allowances_are_forgotten() -> None:
    store = limits.LocalStore()
    with time_machine.travel(0, tick=False):
        store._arrivals = {str(i): -1.0 for i in range(100_001)}

    store.advance("new", 1, 5)

    assert set(store._arrivals) == {"new"}


@pytest.fixture
def shared() -> limits.RedisStore:
    store = limits.RedisStore(settings.REDIS_URL)
    limits.use_store(store)
    return store


@pytest.mark.mariadb
def test_redis_keeps_one_count_for_every_process(shared: limits.RedisStore) -> None:
    key = uuid.uuid4().hex
    other = limits.RedisStore(settings.REDIS_URL)

    first = limits.take(key, burst=3, per_second=0.1)
    second = other.advance(key, 10, 30)
    third = limits.take(key, burst=3, per_second=0.1)
    refused = limits.take(key, burst=3, per_second=0.1)

    assert (first.remaining, third.remaining, refused.remaining) == (2, 0, 0)
    assert second.wait == 0
    assert refused.wait == pytest.approx(10, abs=1)
    with pytest.raises(errors.TooMany) as refusal:
        limits.spend(key, burst=3, per_second=0.1)
    assert refusal.value.retry_after == pytest.approx(10, abs=1)


@pytest.mark.mariadb
def test_redis_forgets_a_key_that_has_its_allowance_back(shared: limits.RedisStore) -> None:
    key = uuid.uuid4().hex

    limits.take(key, burst=5, per_second=100)

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert 0 <= client.pttl(f"limit:{key}") <= 10 or not client.exists(f"limit:{key}")


@pytest.mark.loopback
def test_limits_stay_while_redis_is_away_and_ask_again_after_a_pause() -> None:
    away = limits.RedisStore("redis://127.0.0.1:1/0")
    store = limits.SharedStore(away, pause=60)
    limits.use_store(store)

    assert spend_until_refused("a", 100) == 5
    assert spend_until_refused("b", 100) == 5
