"""One websocket as the gateway sees it: whole frames go straight to its transport."""

from collections.abc import Callable
from typing import Any

import msgspec
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "guildry.line"
PATIENCE = 5.0
DRAINING = "server:draining"


class Line(WebSocketsSansIOProtocol):
    """uvicorn's websocket protocol, opened for frames that were built once for many; it must not compress.

    Frames written here overtake what waits in python-socketio's queue, so everything that has an order goes this way.
    """

    is_congested = False
    farewell: Callable[[str], bytes] | None = None

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: Any = self.scope["extensions"]
            extensions[EXTENSION] = self

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
