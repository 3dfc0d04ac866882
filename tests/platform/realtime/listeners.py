"""Listeners without a network: they keep what the dispatcher has them do, in order."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from guildry.config.asgi import DOORS
from guildry.kernel.points import NAMESPACES
from guildry.people.accounts.models import Member
from guildry.platform.realtime.gateway.connections import Connection, Socket
from guildry.platform.realtime.gateway.dispatcher import Dispatcher, Question
from guildry.platform.realtime.gateway.entrance import Arrival, Doors, Pass
from guildry.platform.realtime.gateway.events import Resume


class HereAndNow(asyncio.AbstractEventLoop):
    """A loop in which whatever is handed over happens before the next line."""

    def call_soon_threadsafe(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        callback(*args)

    def is_closed(self) -> bool:
        return False

    def get_debug(self) -> bool:
        return False


@dataclass
class Wire:
    """The end of a line: every frame that was written to it."""

    written: list[bytes] = field(default_factory=list)

    def write(self, frames: bytes) -> None:
        if frames:
            self.written.append(frames)


@dataclass
class Room:
    """Sockets and what became of them: `told` is (room, frame), `dismissed` is (member, reason)."""

    doors: Doors = DOORS
    loop: asyncio.AbstractEventLoop | None = field(default_factory=HereAndNow)
    joined: list[Socket] = field(default_factory=list)
    told: list[tuple[str, bytes]] = field(default_factory=list)
    dismissed: list[tuple[int, str]] = field(default_factory=list)
    places: dict[str, frozenset[str]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    @property
    def connections(self) -> list[Connection]:
        return [socket.connection for socket in self.joined]

    def sockets_of(self, member_id: int) -> list[Socket]:
        return [socket for socket in self.joined if socket.proof.member_id == member_id]

    def sockets(self) -> list[Socket]:
        return list(self.joined)

    def place(self, socket: Socket, rooms: Iterable[str]) -> None:
        self.places[socket.sid] = frozenset(rooms)
        self.order.append("place")

    def broadcast(self, path: str, room: str, frame: bytes) -> None:
        self.told.append((room, frame))
        self.order.append("broadcast")

    def dismiss(self, socket: Socket, reason: str) -> None:
        self.dismissed.append((socket.proof.member_id, reason))
        self.order.append("dismiss")

    def seat(self, member: Member, path: str = "/timeline", *, token_id: int) -> Socket:
        """Let a member's socket in that has not resumed yet."""
        connection = Connection(Arrival("127.0.0.1", "", "", ""), Wire(), lambda _: None)  # type: ignore[arg-type]
        sid = f"socket-{len(self.joined)}"
        socket = Socket(sid, NAMESPACES[path], Pass(member.pk, token_id=token_id), connection, float("inf"))
        self.joined.append(socket)
        return socket


def ask(dispatcher: Dispatcher, socket: Socket, **wanted: Any) -> dict[str, Any]:
    """Let a socket resume and return the answer; raises what it was refused with."""
    answer: asyncio.Future[dict[str, Any]] = asyncio.Future(loop=HereAndNow())
    dispatcher._questions.append(Question(socket, Resume(**wanted), answer))
    dispatcher.look()
    return answer.result()


def bodies(frames: bytes) -> list[bytes]:
    """Split frames that are short or of middle length, and return what each carries."""
    found = []
    while frames:
        size, head = frames[1], 2
        if size == 126:
            size, head = int.from_bytes(frames[2:4], "big"), 4
        found.append(frames[head : head + size])
        frames = frames[head + size :]
    return found


def runs(words: list[str]) -> list[str]:
    """Return the words with repetitions left out."""
    return [word for word, _ in groupby(words)]
