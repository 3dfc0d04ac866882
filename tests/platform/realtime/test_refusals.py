"""Whoever asks for a websocket and gets none is told why as on a page: problem details under the same headers."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from guildry.config import asgi
from guildry.platform.realtime.gateway import lines
from tests.platform.realtime.refusals import problem_in, told
from tests.platform.realtime.town import Town

OPENING = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{more}\r\n"
)
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Wire(asyncio.Transport):
    """The end of a connection that a client would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.is_over = b"", False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.is_over = True

    def is_closing(self) -> bool:
        return self.is_over

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


def opened(app: Any, path: str = "/socket.io/", key: str = KEY, more: str = "") -> tuple[lines.Line, Wire]:
    """Return a line on which a websocket was asked for, and the wire it is on."""
    lines.refuse_by(asgi._refusing())
    config, wire = uvicorn.Config(app, lifespan="off"), Wire()
    config.load()
    line = lines.Line(config=config, server_state=ServerState(), app_state={})
    line.connection_made(wire)
    line.data_received(OPENING.format(path=path, key=key, more=more).encode())
    return line, wire


def read(wire: Wire) -> dict[str, Any]:
    head, _, body = wire.written.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    assert wire.is_over
    return told(int(first.split(" ")[1]), dict(line.split(": ", 1) for line in rest), body)


async def settled(line: lines.Line) -> None:
    while line.tasks:
        await asyncio.sleep(0)


async def falls(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("a fault of ours")


async def waits(scope: Any, receive: Any, send: Any) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def closes(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.close", "code": 1008})


async def test_a_fault_of_ours_is_said_without_what_it_was() -> None:
    line, wire = opened(falls, more=f"traceparent: 00-{TRACE}-00f067aa0ba902b7-01\r\n")
    await settled(line)

    problem = read(wire)

    assert (problem["status"], problem["code"], problem["trace_id"]) == (500, "internal", TRACE)
    assert "RuntimeError" not in wire.written.decode()


async def test_a_process_that_leaves_sends_whoever_knocks_to_the_next_one() -> None:
    line, wire = opened(waits)
    line.shutdown()
    await settled(line)

    problem = read(wire)

    assert (problem["status"], problem["code"], problem["retry_after"]) == (503, "unavailable", 1)


async def test_an_address_without_sockets_is_not_found() -> None:
    line, wire = opened(closes, "/elsewhere/?a=b")
    await settled(line)

    problem = read(wire)

    assert (problem["status"], problem["code"], problem["instance"]) == (404, "not_found", "/elsewhere/")


async def test_an_opening_that_is_none_is_refused_with_what_is_wrong() -> None:
    _, wire = opened(waits, key="short", more="traceparent: nonsense\r\n")

    problem = read(wire)

    assert (problem["status"], problem["code"]) == (400, "malformed")
    assert problem["detail"] == "This request opens no websocket: invalid Sec-WebSocket-Key header: short."


async def test_a_refusal_comes_once_and_never_over_an_open_websocket() -> None:
    async def opens(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await waits(scope, receive, send)

    line, wire = opened(opens)
    for _ in range(3):
        await asyncio.sleep(0)
    line.refuse(lines.Broken())
    line.connection_lost(None)
    await settled(line)

    assert wire.written.startswith(b"HTTP/1.1 101 ")
    assert b"problem" not in wire.written


async def refusal_of(origin: str, path: str, **more: Any) -> dict[str, Any]:
    with pytest.raises(InvalidStatus) as found:
        async with connect(f"ws://{urlsplit(origin).netloc}{path}", **more):
            pass
    return problem_in(found.value.response)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/socket.io/?EIO=4&transport=polling", 400, "Invalid transport."),
        (
            "/socket.io/?EIO=3&transport=websocket",
            400,
            "The client is using an unsupported version of the Socket.IO",
        ),
        ("/socket.io/?EIO=4&transport=websocket&sid=made-up", 400, "Invalid session made-up."),
        ("/timeline/", 404, "There is nothing here"),
    ],
)
async def test_what_opens_no_socket_here_is_refused_as_a_page_is(
    town: Town, path: str, status: int, detail: str
) -> None:
    problem = await refusal_of(town.origin, path)

    assert problem["status"] == status
    assert problem["detail"].startswith(detail)
