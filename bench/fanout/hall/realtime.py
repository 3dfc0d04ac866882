"""The hall, live."""

from typing import Any

import msgspec
from django.db import transaction

from bench.fanout.hall.events import Said
from guildry.kernel import bus
from guildry.kernel.points import Broadcast, Namespace, SocketEvent, SocketSession


class Say(msgspec.Struct, forbid_unknown_fields=True):
    """So many messages, numbered from `n`, spoken at `t`."""

    n: int
    count: int
    t: int
    text: str


def say(session: SocketSession, payload: Say) -> dict[str, Any]:
    with transaction.atomic():
        for n in range(payload.n, payload.n + payload.count):
            bus.publish(Said(n, payload.t, payload.text), actor=session.viewer)
    return {}


def told(fact: Said) -> list[Broadcast]:
    return [Broadcast("hall", "said", {"n": fact.n, "t": fact.t, "text": fact.text})]


NAMESPACE = Namespace(
    path="/bench",
    rooms=lambda viewer: ["hall"],
    area="hall",
    events=(SocketEvent("say", Say, say, burst=100_000, per_second=10_000),),
    project={Said.name: told},
)
