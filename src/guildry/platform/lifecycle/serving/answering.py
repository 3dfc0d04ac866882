"""The HTTP server of this process, and how it leaves: no request that reached it is lost."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
import uvicorn

from guildry.platform.lifecycle.serving.orders import Orders

log = structlog.get_logger("guildry.lifecycle")
# A client that keeps a connection open learns with its next answer that it ends; who asks nothing for so long is let go.
LINGER = 2.0
LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Leave:
    """How long a process takes to leave, in seconds: `lame_duck` still accepting, `grace` for what runs."""

    grace: float
    lame_duck: float = 0.0


class Server(uvicorn.Server):
    """Stops at the first order after the running requests, at the second at once; `cut` counts what it had to cut off."""

    def __init__(
        self, config: uvicorn.Config, orders: Orders, leave: Leave, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._orders, self._leave, self._ready = orders, leave, ready
        self.cut = 0

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        self._orders.begin_end = self._begin_end
        self._orders.pass_on = loop.call_soon_threadsafe
        for number, handle in self._orders.handlers.items():
            loop.add_signal_handler(number, handle)
        yield

    def _begin_end(self) -> None:
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        if counter % 5 == 0:
            self._orders.keeper.alive()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: Any = None) -> None:
        """Accept nothing any more, say goodbye on every connection, and wait for what is running."""
        if self._leave.lame_duck:
            await self._until(lambda: False, self._leave.lame_duck)
        for server in self.servers:
            server.close()
        for socket in sockets or []:
            socket.close()
        if self._orders.is_retired:
            await self._until(self._all_left, LINGER)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        # What was accepted a moment ago shows itself after the next turns of the loop.
        await asyncio.sleep(LOOK_EVERY)
        if not await self._until(self._is_empty, self._leave.grace):
            self.cut = len(self.server_state.tasks)
            for task in self.server_state.tasks:
                task.cancel(msg="the time to finish was over")

    def _all_left(self) -> bool:
        for connection in list(self.server_state.connections):
            if hasattr(connection, "farewell"):
                connection.shutdown()
            else:
                _part_with(connection)
        return not self.server_state.connections

    def _is_empty(self) -> bool:
        for connection in list(self.server_state.connections):
            connection.shutdown()
        return not (self.server_state.connections or self.server_state.tasks)

    async def _until(self, happened: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() >= deadline:
                return False
            self._orders.keeper.alive()
            await asyncio.sleep(LOOK_EVERY)
        return True


def _part_with(connection: Any) -> None:
    """Let a connection end after its next answer, which says so: closing an idle one could meet a request on its way."""
    cycle = connection.cycle
    if cycle is not None and not cycle.response_started:
        cycle.keep_alive = False
    if not isinstance(connection.app, LastAnswer):
        connection.app = LastAnswer(connection.app)


class LastAnswer:
    """An application whose answers end their connection."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_last(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        await self.app(scope, receive, send_last)
