"""A small Socket.IO client of our own, so that tests may also do what no library would."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 15.0


class Refused(Exception):
    """A namespace did not let us in; `code` says why."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.message, self.data = error["message"], error.get("data", {})
        self.code = self.data.get("code", "")
        super().__init__(f"{self.code}: {self.message}")


@dataclass
class Client:
    """One websocket: `heard` is every event as (namespace, name, body), in the order it came."""

    socket: ClientConnection
    heard: list[tuple[str, str, Any]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    close_reason: str = ""
    _answers: dict[tuple[str, str], "asyncio.Future[Any]"] = field(default_factory=dict)
    _last_id: int = 0
    _something: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def join(self, namespace: str, **auth: Any) -> None:
        """Join a namespace; raises Refused."""
        joined = self._answers[(namespace, "join")] = asyncio.get_running_loop().create_future()
        await self.socket.send(f"40{namespace},{json.dumps(auth) if auth else ''}")
        await asyncio.wait_for(joined, PATIENCE)

    def ask(self, namespace: str, event: str, *arguments: Any) -> "asyncio.Future[Any]":
        """Send an event and return what its acknowledgement will bring."""
        self._last_id += 1
        answer = asyncio.get_running_loop().create_future()
        self._answers[(namespace, str(self._last_id))] = answer
        packet = f"42{namespace},{self._last_id}{json.dumps([event, *arguments])}"
        return asyncio.ensure_future(self._send_and_wait(packet, answer))

    async def _send_and_wait(self, packet: str, answer: "asyncio.Future[Any]") -> Any:
        await self.socket.send(packet)
        return await asyncio.wait_for(answer, PATIENCE)

    async def hears(self, name: str, count: int = 1, within: float = PATIENCE) -> list[Any]:
        """Wait until an event came so many times and return all its bodies."""
        async with asyncio.timeout(within), self._something:
            await self._something.wait_for(lambda: len(self.bodies(name)) >= count)
        return self.bodies(name)

    def bodies(self, name: str) -> list[Any]:
        return [body for _, event, body in self.heard if event == name]

    async def listen(self) -> None:
        try:
            async for message in self.socket:
                assert isinstance(message, str)
                await self._take(message)
        except ConnectionClosed:
            pass
        self.close_reason = self.socket.close_reason or ""
        self.ended.set()

    async def _take(self, message: str) -> None:
        if message == "2":
            await self.socket.send("3")
        if not message.startswith("4"):
            return
        kind, rest = message[1], message[2:]
        namespace, _, rest = rest.partition(",")
        if kind in "04":
            self._settle((namespace, "join"), json.loads(rest), failed=kind == "4")
        elif kind == "3":
            number, _, body = rest.partition("[")
            self._settle((namespace, number), json.loads(f"[{body}")[0])
        elif kind == "2":
            name, body = json.loads(rest)
            async with self._something:
                self.heard.append((namespace, name, body))
                self._something.notify_all()

    def _settle(self, key: tuple[str, str], value: Any, *, failed: bool = False) -> None:
        answer = self._answers.pop(key)
        if failed:
            answer.set_exception(Refused(value))
        elif not answer.done():
            answer.set_result(value)


@asynccontextmanager
async def connected(origin: str, *, cookie: str = "", page: str | None = None) -> AsyncIterator[Client]:
    """Connect as a browser with a session would, from the site's own pages unless `page` names another origin."""
    address = f"{origin.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    headers = {"Cookie": f"guildry={cookie}"} if cookie else {}
    async with connect(
        address, origin=page or origin, additional_headers=headers, compression=None, max_queue=None
    ) as socket:
        client = Client(socket)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            await socket.close()
            await listening
