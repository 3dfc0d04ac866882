"""Saying in the database who has a socket at this process, for as long as it lives."""

import time

from guildry.kernel.loops import Loop
from guildry.kernel.permissions import SYSTEM
from guildry.platform.lifecycle.queries import own_name
from guildry.platform.realtime import actions, rules
from guildry.platform.realtime.gateway import GATEWAY

RENEW_EVERY = rules.PRESENCE_LEASE.total_seconds() / 3


class PresenceKeeper:
    """Writes only what changed, and the lease when a third of it has passed."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}
        self._said: set[int] = set()
        self._renew_at = 0.0
        self._loop = Loop("presence", self.tick, every=2.0)

    def start(self) -> None:
        self._seen, self._said, self._renew_at = {}, set(), 0.0
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()
        actions.end_presence(SYSTEM, process=own_name())

    def probe(self) -> str:
        return self._loop.probe()

    def tick(self) -> bool:
        now = time.monotonic()
        self._seen |= dict.fromkeys(GATEWAY.present(), now)
        self._seen = {member_id: at for member_id, at in self._seen.items() if now - at < rules.LINGER}
        arrived, departed = self._seen.keys() - self._said, self._said - self._seen.keys()
        if arrived or departed or (self._said and now >= self._renew_at):
            actions.keep_presence(SYSTEM, process=own_name(), arrived=arrived, departed=departed)
            self._said = set(self._seen)
            self._renew_at = now + RENEW_EVERY
        return False


KEEPER = PresenceKeeper()
