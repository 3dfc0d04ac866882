"""Rooms of python-socketio, with broadcasts framed once and written straight to every socket."""

from collections.abc import Awaitable, Callable
from typing import Any

from socketio import AsyncManager, AsyncNamespace

from guildry.platform.realtime import rules
from guildry.platform.realtime.gateway.lines import Line, event_frame


class Everything(AsyncNamespace):
    """All namespaces at once, and every event under the very name a client gave it."""

    def __init__(self, handle: Callable[..., Awaitable[Any]]) -> None:
        super().__init__("*")
        self._handle = handle

    async def trigger_event(self, event: str, *arguments: Any) -> Any:
        return await self._handle(event, *arguments)


class FramedManager(AsyncManager):
    """Keeps which sockets are in which room; knows the line of each connection by its Engine.IO id."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, Line] = {}
        self._places: dict[str, set[tuple[str, Any]]] = {}

    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        self._places.setdefault(sid, set()).add((namespace, room))

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        super().basic_leave_room(sid, namespace, room)
        if places := self._places.get(sid):
            places.discard((namespace, room))

    def basic_disconnect(self, sid: str, namespace: str, **options: Any) -> None:
        """Leave every room of the socket, looking only at those it is in."""
        for place, room in self._places.pop(sid, ()):
            # The base class finds the connection through the room None, so that one is left last.
            if room is not None:
                super().basic_leave_room(sid, place, room)
        super().basic_leave_room(sid, namespace, None)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]

    def rooms_of(self, sid: str, namespace: str) -> set[str]:
        """Return the rooms of a socket, without the ones that python-socketio keeps for itself."""
        places = self._places.get(sid, ())
        return {room for place, room in places if place == namespace and room not in (None, sid)}

    def fan_out(self, namespace: str, room: str | None, frame: bytes) -> list[Line]:
        """Write one frame to everybody in a room; returns the lines that no longer keep up."""
        members = self.rooms.get(namespace, {}).get(room)
        if not members:
            return []
        lines, slow = self.lines, []
        for eio_sid in members.values():
            line = lines.get(eio_sid)
            if line is None or line.close_sent or line.transport.is_closing():
                continue
            line.transport.write(frame)
            if line.is_congested and line.backlog() > rules.LARGEST_BACKLOG:
                slow.append(line)
        return slow

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **options: Any,
    ) -> None:
        """Write an event to a room at once; what wants an answer or carries bytes waits in each queue instead."""
        room = to or room
        is_plain = not (callback or skip_sid or isinstance(data, tuple)) and isinstance(room, str | None)
        if not is_plain or self.server.packet_class.data_is_binary(data):
            await super().emit(event, data, namespace, room, skip_sid, callback, **options)
            return
        self.fan_out(namespace, room, event_frame(namespace, event, data))
