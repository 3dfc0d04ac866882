"""Hints between processes over Redis; losing one costs at most the pause of a poll."""

import threading
from typing import Any

import structlog
from django.conf import settings

from guildry.kernel import hints
from guildry.kernel.loops import Loop
from guildry.platform.lifecycle.graph import PROCESS

CHANNEL = "guildry:hints"
log = structlog.get_logger("guildry.hints")


class RedisCarrier:
    """Sends topics from one thread, each at most once a round, and wakes this process for what others sent."""

    def __init__(self, url: str) -> None:
        import redis

        self._redis = redis.Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0)
        self._topics: set[str] = set()
        self._lock = threading.Lock()
        self._listening: Any = None
        self._out = Loop("hints out", self._publish, every=5.0)
        self._in = Loop("hints in", self._listen, every=1.0)

    def start(self) -> None:
        self._out.start()
        self._in.start()
        hints.use_carrier(self._take)

    def stop(self) -> None:
        hints.use_carrier(None)
        self._out.stop()
        self._in.stop()
        self._redis.close()

    def probe(self) -> str:
        self._out.probe()
        return self._in.probe()

    def _take(self, topic: str) -> None:
        with self._lock:
            self._topics.add(topic)
        self._out.wake()

    def _publish(self) -> bool:
        with self._lock:
            topics, self._topics = self._topics, set()
        for topic in topics:
            self._redis.publish(CHANNEL, f"{PROCESS.name} {topic}")
        return False

    def _listen(self) -> bool:
        try:
            if self._listening is None:
                self._listening = self._redis.pubsub(ignore_subscribe_messages=True)
                self._listening.subscribe(CHANNEL)
            message = self._listening.get_message(timeout=0.5)
        except Exception:
            self._listening = None
            raise
        if message:
            sender, _, topic = message["data"].decode().rpartition(" ")
            if sender != PROCESS.name:
                hints.receive(topic)
        return True


_carrier: RedisCarrier | None = None


def start() -> None:
    """Begin to carry hints when Redis is configured; without it one process needs no carrier."""
    global _carrier
    if settings.REDIS_URL:
        _carrier = RedisCarrier(settings.REDIS_URL)
        _carrier.start()


def stop() -> None:
    global _carrier
    if _carrier:
        _carrier.stop()
        _carrier = None


def probe() -> str:
    """Say that hints travel; raises RuntimeError while they do not."""
    if _carrier is None:
        return "one process needs none"
    return _carrier.probe()
