"""One websocket as the gateway sees it: whole frames go straight to its transport."""

import logging
from collections.abc import Callable
from typing import Any

import msgspec
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from guildry.kernel import errors

# What to answer to a request for a websocket, given its path and traceparent: headers and body, as a page would say it.
Refusing = Callable[[str, str, errors.DomainError], tuple[list[tuple[str, str]], bytes]]
EXTENSION = "guildry.line"
PATIENCE = 5.0
DRAINING = "server:draining"


_refusing: Refusing = lambda path, traceparent, error: ([], b"")  # noqa: E731 - until the site says how


def refuse_by(refusing: Refusing) -> None:
    """Name what makes the answer to whoever asks for a websocket and gets none."""
    global _refusing
    _refusing = refusing


class Broken(errors.DomainError):
    problem = errors.INTERNAL
    detail = "This was our fault and nothing you did. It has been recorded; connect again in a moment."


class Opening(ServerProtocol):
    """The opening of a websocket; what the protocol itself finds wrong with one is answered as any refusal is."""

    dress: Callable[[Response], None] | None = None

    def send_response(self, response: Response) -> None:
        if self.dress and response.status_code != 101:
            self.dress(response)
        super().send_response(response)


class Line(WebSocketsSansIOProtocol):
    """uvicorn's websocket protocol, opened for frames that were built once for many; it must not compress.

    Frames written here overtake what waits in python-socketio's queue, so everything that has an order goes this way.
    """

    is_congested = False
    farewell: Callable[[str], bytes] | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        quiet = logging.getLogger("uvicorn.error")
        self.conn: Opening = Opening(max_size=self.config.ws_max_size, logger=quiet)

    def handle_connect(self, event: Request) -> None:
        self.request, self.conn.dress = event, self._not_opened
        super().handle_connect(event)
        self.conn.dress = None
        if self.response.status_code == 101:
            extensions: Any = self.scope["extensions"]
            extensions[EXTENSION] = self

    async def send(self, message: Any) -> None:
        """Answer what is closed before it was opened, which python-socketio does with what it cannot read."""
        if message["type"] == "websocket.close" and not self.handshake_complete:
            reason = str(message.get("reason") or "").strip('"')
            self.refuse(errors.Malformed(f"{reason}.") if reason else errors.NotFound())
            return
        await super().send(message)

    def refuse(self, error: errors.DomainError) -> None:
        """Answer the opening request with a refusal and hang up; whoever is connected already stays so."""
        if self.handshake_complete or not self.handshake_initiated:
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.handshake_complete = self.close_sent = True
        response = self.conn.reject(error.problem.status, "")
        self._dress(response, error)
        self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def send_500_response(self) -> None:
        """Answer a fault of ours."""
        self.refuse(Broken())

    def _not_opened(self, response: Response) -> None:
        self._dress(
            response, errors.Malformed(f"This request opens no websocket: {self.conn.handshake_exc}.")
        )

    def _dress(self, response: Response, error: errors.DomainError) -> None:
        path, traceparent = self.request.path.partition("?")[0], self.request.headers.get_all("traceparent")
        headers, response.body = _refusing(path, next(iter(traceparent), ""), error)
        response.status_code = error.problem.status
        response.headers = Headers(
            [
                ("Date", response.headers["Date"]),
                ("Connection", "close"),
                ("Content-Length", str(len(response.body))),
                *headers,
            ]
        )

    def pause_writing(self) -> None:
        super().pause_writing()
        self.is_congested = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.is_congested = False

    @property
    def is_open(self) -> bool:
        return self.handshake_complete and not (self.close_sent or self.transport.is_closing())

    def write(self, frames: bytes) -> None:
        """Send frames now, or nothing when the connection is ending."""
        if self.is_open:
            self.transport.write(frames)

    def backlog(self) -> int:
        """Return how many bytes wait for the reader."""
        return self.transport.get_write_buffer_size()

    def hang_up(self, code: int, reason: str) -> None:
        """Close once everything written has gone out, and after a few seconds in any case."""
        if not self.is_open:
            return
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.close()
        self.loop.call_later(PATIENCE, self.transport.abort)

    def show_out(self, code: int, reason: str) -> None:
        """Say goodbye in every namespace, with when to come back, and hang up."""
        if self.farewell:
            self.write(self.farewell(reason))
        self.hang_up(code, reason)

    def shutdown(self) -> None:
        """Say goodbye before uvicorn closes the connection, because the process is told to stop."""
        self.refuse(errors.Unavailable("This process is leaving. Connect again.", retry_after=1.0))
        if self.farewell:
            self.write(self.farewell(DRAINING))
        super().shutdown()


def text_frame(payload: bytes) -> bytes:
    """Return a whole, unmasked text frame (RFC 6455, section 5.2)."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


def event_frame(namespace: str, event: str, body: Any) -> bytes:
    """Return the frame of a Socket.IO event: Engine.IO message 4, Socket.IO event 2."""
    return text_frame(b"42" + _address(namespace) + msgspec.json.encode([event, body]))


def disconnect_frame(namespace: str) -> bytes:
    return text_frame(b"41" + _address(namespace))


def _address(namespace: str) -> bytes:
    return b"" if namespace == "/" else namespace.encode() + b","
