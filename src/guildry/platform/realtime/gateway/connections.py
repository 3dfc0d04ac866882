"""Who is connected: websockets, the namespaces joined over each, and whose they are."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from guildry.kernel.points import Namespace
from guildry.platform.realtime import rules
from guildry.platform.realtime.gateway.entrance import Arrival, Pass
from guildry.platform.realtime.gateway.lines import Line

Receive = Callable[[], Awaitable[dict[str, Any]]]
PARTED: dict[str, Any] = {"type": "websocket.disconnect", "code": 1008}
# Engine.IO messages that announce binary attachments; nothing here takes any.
_BINARY = ("45", "46")


@dataclass(eq=False, slots=True)
class Socket:
    """One namespace joined by one connection; it hears broadcasts once it `is_live`."""

    sid: str
    namespace: Namespace
    proof: Pass
    connection: "Connection"
    verified_at: float
    is_live: bool = False


class Connection:
    """One websocket: its events are handled one after the other, and only so many may wait."""

    __slots__ = (
        "_arrival_at", "_turn", "arrival", "attempts", "engine_sid", "is_flooding", "is_over", "line", "on_flood",
        "sockets", "waiting",
    )  # fmt: skip

    def __init__(self, arrival: Arrival, line: Line, on_flood: Callable[["Connection"], None]) -> None:
        self.arrival, self.line, self.on_flood = arrival, line, on_flood
        self.sockets: dict[str, Socket] = {}
        self.engine_sid = ""
        self.attempts = self.waiting = 0
        self.is_over = self.is_flooding = False
        self._turn: asyncio.Lock | None = None
        self._arrival_at = 0.0

    @property
    def turn(self) -> asyncio.Lock:
        """Taken in the order of arrival by each event of this connection."""
        if self._turn is None:
            self._turn = asyncio.Lock()
        return self._turn

    @property
    def member_id(self) -> int | None:
        return next((socket.proof.member_id for socket in self.sockets.values()), None)

    def guarded(self, receive: Receive) -> Receive:
        """Return `receive` for python-socketio, ending with whoever floods it or sends what nothing takes."""

        async def guarded_receive() -> dict[str, Any]:
            message = await receive()
            if message["type"] == "websocket.receive" and not self._takes(message):
                self.is_flooding = True
                self.on_flood(self)
                return PARTED
            return message

        return guarded_receive

    def _takes(self, message: dict[str, Any]) -> bool:
        text = message.get("text")
        if text is None or len(text) > rules.LARGEST_PACKET or text.startswith(_BINARY):
            return False
        now = time.monotonic()
        self._arrival_at = max(self._arrival_at, now) + 1 / rules.PACKETS_PER_SECOND
        return self._arrival_at - now <= rules.PACKETS_BURST / rules.PACKETS_PER_SECOND
