"""The gateway: lets sockets in, hands their events on in order, and shows them out."""

import asyncio
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from guildry.kernel import errors, promptness, runtime
from guildry.platform.lifecycle import queries as lifecycle
from guildry.platform.realtime import rules
from guildry.platform.realtime.gateway import entrance, events, lines
from guildry.platform.realtime.gateway.connections import Connection, Receive, Socket
from guildry.platform.realtime.gateway.dispatcher import Dispatcher
from guildry.platform.realtime.gateway.entrance import Arrival, Doors

if TYPE_CHECKING:
    from socketio import AsyncServer

    from guildry.platform.realtime.gateway.manager import FramedManager

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
CONNECTION = "guildry.connection"
NOT_READY, DEGRADED = "not ready", "server:degraded"
KEEPS_SOCKETS = frozenset({"ready", "degraded", NOT_READY})
RESUME_WITHIN = 20.0
FULL_FOR = 5.0
log = structlog.get_logger("guildry.realtime")


class Pool(Protocol):
    """Threads that work for the loop."""

    def start(self) -> None: ...
    def stop(self, *, seconds: float | None = None) -> None: ...
    def run(self, work: Callable[..., Any], *arguments: Any) -> "asyncio.Future[Any]": ...


class Gateway:
    """Everything connected to this process. Its methods belong to the loop, but for those that say otherwise."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.dispatcher = Dispatcher(self)
        self.doors = entrance.CLOSED
        self.loop: asyncio.AbstractEventLoop | None = None
        self._pool: Pool
        self._sockets: dict[str, Socket] = {}
        self._of_member: dict[int, set[Socket]] = {}
        self._of_address: Counter[str] = Counter()
        self._server: AsyncServer | None = None
        self._manager: FramedManager
        self._partings: set[asyncio.Task[None]] = set()
        self._is_degraded = False
        self._stop_hearing: Callable[[], None] = lambda: None

    def mount(self, pool: Pool, doors: Doors, refusing: lines.Refusing) -> "Gateway":
        """Take threads for events alone, the doors to knock at and how to refuse; returns the ASGI application."""
        self._pool, self.doors = pool, doors
        lines.refuse_by(refusing)
        return self

    def expect(self) -> None:
        """Get ready while the generation before still serves: its sockets come all at once."""
        if lifecycle.generation() > 1:
            threading.Thread(target=_import_manager, name="realtime import", daemon=True).start()

    def stop(self) -> None:
        """Let the threads finish what they were given and end; the next start begins anew."""
        if self._server is not None:
            self._stop_hearing()
            self._pool.stop(seconds=1)
            self._server = self.loop = None

    def present(self) -> set[int]:
        """Return the members with a socket at this process, from any thread."""
        return set(self._of_member.copy())

    def sockets_of(self, member_id: int) -> list[Socket]:
        """Return the sockets of a member, from any thread."""
        return list(self._of_member.get(member_id, set()).copy())

    def sockets(self) -> list[Socket]:
        """Return every socket, from any thread."""
        return list(self._sockets.copy().values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = self._server or await self._start()
        arrival = Arrival.of(scope)
        line: lines.Line = scope["extensions"][lines.EXTENSION]
        if self._of_address[arrival.address] >= runtime.value("realtime.sockets_per_address"):
            line.refuse(entrance.TooManyConnections(retry_after=FULL_FOR))
            return
        connection = Connection(arrival, line, self._end_flood)
        line.farewell = lambda reason: _farewell(connection, reason, len(self.connections))
        scope["extensions"][CONNECTION] = connection
        self.connections.add(connection)
        self._of_address[arrival.address] += 1
        deadline = self._running().call_later(rules.JOIN_WITHIN, self._end_idle, connection)
        try:
            await server.handle_request(scope, connection.guarded(receive), send)
        finally:
            deadline.cancel()
            self._forget(connection)

    async def _start(self) -> "AsyncServer":
        """Import python-socketio when the first socket comes, so that the start of the site need not wait for it."""
        self.loop = asyncio.get_running_loop()
        manager_module: Any = await self.loop.run_in_executor(None, _import_manager)
        if self._server is None:
            self._pool.start()
            self._manager = manager_module.FramedManager()
            self._server = _server_with(self._manager)
            self._server.register_namespace(manager_module.Everything(self._happened))
            self._stop_hearing = lifecycle.on_transition(self._stands)
            self._is_degraded = lifecycle.state() == NOT_READY
            # Else each step of a message waits for whatever page computes just then.
            promptness.enrol()
            await self._pool.run(promptness.enrol)
            promptness.begin()
        return self._server

    def _stands(self, transition: lifecycle.Transition) -> None:
        """Take how the process stands from whatever thread saw it change."""
        if transition.state in KEEPS_SOCKETS:
            self._running().call_soon_threadsafe(self._tell_standing, transition.state == NOT_READY)

    def _tell_standing(self, is_degraded: bool) -> None:
        """Say on every connection that actions cannot be carried out here now, or that they can again."""
        if is_degraded == self._is_degraded:
            return
        self._is_degraded = is_degraded
        event = DEGRADED if is_degraded else "server:recovered"
        for connection in list(self.connections):
            connection.line.write(b"".join(lines.event_frame(path, event, {}) for path in connection.sockets))

    def _running(self) -> asyncio.AbstractEventLoop:
        assert self.loop is not None
        return self.loop

    async def _happened(self, name: Any, path: str, sid: str, *arguments: Any) -> Any:
        """Tell what python-socketio announces from events that clients send under the same names."""
        if name == "connect" and self._manager.is_pre_connected(sid, path):
            return await self._connect(path, sid, *arguments)
        if name == "disconnect" and not self._manager.is_connected(sid, path):
            return self._disconnect(sid)
        return await self._event(name, sid, *arguments)

    async def _connect(self, path: str, sid: str, environ: Any, auth: Any = None) -> None:
        from socketio.exceptions import ConnectionRefusedError as Refused

        try:
            await self._admit(path, sid, environ["asgi.scope"]["extensions"][CONNECTION], auth)
        except errors.DomainError as refusal:
            answer = events.refused(refusal)
            raise Refused(answer.pop("message"), answer) from None
        except Exception:
            log.exception("connect failed", namespace=path)
            raise Refused(errors.INTERNAL.title, {"code": errors.INTERNAL.code}) from None
        # The headers were read; a thousand idle sockets need not keep them.
        for name in environ.keys() - {"asgi.scope"}:
            del environ[name]

    async def _admit(self, path: str, sid: str, connection: Connection, auth: Any) -> None:
        connection.attempts += 1
        if connection.attempts > rules.NAMESPACES_PER_CONNECTION:
            connection.line.hang_up(1008, "too many attempts")
            raise errors.TooMany
        admitted = await self._pool.run(entrance.admit, self.doors, connection.arrival, path, auth)
        namespace, _, proof = admitted
        if connection.is_over:
            raise errors.Unavailable
        if connection.member_id not in (None, proof.member_id):
            raise errors.Forbidden("One connection serves one member. Open another one.")
        windows = {socket.connection for socket in self._of_member.get(proof.member_id, ())} | {connection}
        if len(windows) > runtime.value("realtime.sockets_per_member"):
            raise entrance.TooManyConnections
        connection.engine_sid = self._manager.eio_sid_from_sid(sid, path)
        self._manager.lines[connection.engine_sid] = connection.line
        socket = Socket(sid, namespace, proof, connection, time.monotonic())
        connection.sockets[path] = self._sockets[sid] = socket
        self._of_member.setdefault(proof.member_id, set()).add(socket)

    def _disconnect(self, sid: str) -> None:
        if socket := self._sockets.pop(sid, None):
            socket.is_live = False
            self._release(socket)

    async def _event(self, name: Any, sid: str, *arguments: Any) -> dict[str, Any]:
        socket = self._sockets.get(sid)
        if socket is None:
            return events.refused(errors.Unauthenticated())
        connection = socket.connection
        if connection.waiting >= rules.MOST_WAITING:
            return events.refused(events.Overloaded(retry_after=1.0))
        connection.waiting += 1
        try:
            async with connection.turn:
                if name == "resume":
                    return await self._resume(socket, arguments)
                return await self._pool.run(
                    events.handle, self.doors, socket.namespace, sid, socket.proof, name, arguments
                )
        finally:
            connection.waiting -= 1

    async def _resume(self, socket: Socket, arguments: Any) -> dict[str, Any]:
        if self._is_degraded:
            socket.connection.line.write(lines.event_frame(socket.namespace.path, DEGRADED, {}))
        try:
            wanted = events.payload_of(arguments, events.Resume)
            async with asyncio.timeout(RESUME_WITHIN):
                return await self.dispatcher.ask(socket, wanted)
        except errors.DomainError as refusal:
            return events.refused(refusal)
        except TimeoutError:
            return events.refused(errors.Unavailable(retry_after=2.0))

    def place(self, socket: Socket, rooms: Iterable[str]) -> None:
        """Put a live socket in exactly these rooms."""
        if self._sockets.get(socket.sid) is not socket:
            return
        path, wanted = socket.namespace.path, set(rooms)
        present = self._manager.rooms_of(socket.sid, path)
        for room in present - wanted:
            self._manager.basic_leave_room(socket.sid, path, room)
        for room in wanted - present:
            self._manager.basic_enter_room(socket.sid, path, room)

    def broadcast(self, path: str, room: str, frame: bytes) -> None:
        """Write a frame to everybody in a room and show out whoever cannot keep up."""
        if self._server is None:
            return
        for line in self._manager.fan_out(path, room, frame):
            log.warning("slow consumer dropped", backlog=line.backlog())
            line.show_out(1013, "slow")

    def dismiss(self, socket: Socket, reason: str) -> None:
        """Say why, and end this namespace for the socket; the connection ends with its last one."""
        path, line = socket.namespace.path, socket.connection.line
        line.write(lines.event_frame(path, "bye", {"reason": reason}) + lines.disconnect_frame(path))
        socket.is_live = False
        task = self._running().create_task(self._part(socket, reason))
        self._partings.add(task)
        task.add_done_callback(self._partings.discard)

    async def _part(self, socket: Socket, reason: str) -> None:
        assert self._server is not None
        await self._server.disconnect(socket.sid, namespace=socket.namespace.path)
        if not socket.connection.sockets:
            socket.connection.line.hang_up(1008, reason)

    def _end_flood(self, connection: Connection) -> None:
        log.warning(
            "flooding socket dropped", member_id=connection.member_id, address=connection.arrival.address
        )
        connection.line.show_out(1008, "flood")

    def _end_idle(self, connection: Connection) -> None:
        if not connection.sockets:
            connection.line.hang_up(1008, "no namespace joined")

    def _release(self, socket: Socket) -> None:
        socket.connection.sockets.pop(socket.namespace.path, None)
        if of_member := self._of_member.get(socket.proof.member_id):
            of_member.discard(socket)
            if not of_member:
                del self._of_member[socket.proof.member_id]

    def _forget(self, connection: Connection) -> None:
        connection.is_over = True
        connection.line.farewell = None
        self.connections.discard(connection)
        self._manager.lines.pop(connection.engine_sid, None)
        self._of_address[connection.arrival.address] -= 1
        if not self._of_address[connection.arrival.address]:
            del self._of_address[connection.arrival.address]
        for socket in list(connection.sockets.values()):
            self._sockets.pop(socket.sid, None)
            self._release(socket)


def _farewell(connection: Connection, reason: str, count: int) -> bytes:
    if reason == lines.DRAINING:
        after, jitter = rules.return_after_drain(count)
        told = {"retry_after": after, "jitter": jitter}
        return b"".join(lines.event_frame(path, lines.DRAINING, told) for path in connection.sockets)
    wait = rules.return_in(random.random())  # noqa: S311 - spreads load, guards nothing
    body = {"reason": reason, "retry_in": wait}
    return b"".join(lines.event_frame(path, "bye", body) for path in connection.sockets)


def _import_manager() -> Any:
    from guildry.platform.realtime.gateway import manager

    return manager


def _server_with(manager: Any) -> "AsyncServer":
    from socketio import AsyncServer

    # What clients send wrongly is theirs to mend and not ours to log line by line.
    quiet = logging.getLogger("guildry.engine")
    quiet.setLevel(logging.CRITICAL)
    return AsyncServer(
        async_mode="asgi",
        client_manager=manager,
        namespaces="*",
        transports=["websocket"],
        allow_upgrades=False,
        http_compression=False,
        cors_allowed_origins="*",
        max_http_buffer_size=rules.LARGEST_PACKET,
        ping_interval=25,
        ping_timeout=20,
        logger=quiet,
        engineio_logger=quiet,
    )
