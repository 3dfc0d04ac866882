"""Hints travel between processes over Redis, and a lost Redis costs nothing but time."""

import threading
from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings

from guildry.kernel import hints
from guildry.platform.lifecycle.serving import carrier

pytestmark = pytest.mark.mariadb


@pytest.fixture
def outside() -> Iterator[redis.client.PubSub]:
    """What another process sees of this one's hints."""
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as listening:
        listening.subscribe(carrier.CHANNEL)
        assert listening.get_message(timeout=5)
        yield listening


@pytest.fixture
def heard() -> Iterator[threading.Event]:
    event = threading.Event()
    stop = hints.listen("bells", event.set)
    yield event
    stop()


@pytest.fixture
def carrying() -> Iterator[None]:
    carrier.start()
    yield
    carrier.stop()


def publish_until(happened: Callable[[], bool], text: str) -> None:
    """Say something on the channel until it is heard; the carrier subscribes in its own time."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for _ in range(100):
            client.publish(carrier.CHANNEL, text)
            if happened():
                return
    raise AssertionError(f"{text!r} was not heard.")


def test_a_hint_leaves_with_the_name_of_its_process(carrying: None, outside: redis.client.PubSub) -> None:
    hints.send("bells")

    message = outside.get_message(timeout=10)

    assert message["data"].decode() == f"{carrier.PROCESS.name} bells"


def test_a_hint_of_another_process_wakes_this_one(carrying: None, heard: threading.Event) -> None:
    publish_until(lambda: heard.wait(0.1), "another bells")


def test_its_own_hint_coming_back_wakes_nobody(
    carrying: None, heard: threading.Event, outside: redis.client.PubSub
) -> None:
    publish_until(lambda: heard.wait(0.1), "another bells")
    heard.clear()

    hints.use_carrier(None)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.publish(carrier.CHANNEL, f"{carrier.PROCESS.name} bells")
        client.publish(carrier.CHANNEL, f"{carrier.PROCESS.name} bells")

    assert not heard.wait(0.3)


def test_without_redis_nothing_is_carried(settings: object, outside: redis.client.PubSub) -> None:
    settings.REDIS_URL = ""  # type: ignore[attr-defined]

    carrier.start()
    hints.send("bells")
    carrier.stop()

    assert outside.get_message(timeout=0.3) is None
