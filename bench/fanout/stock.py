"""One room on python-socketio and uvicorn as they come: what one says, everybody hears."""

import sys
from typing import Any

import socketio
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], cors_allowed_origins="*")


@server.on("connect", namespace="/bench")
async def connect(sid: str, environ: Any, auth: Any = None) -> None:
    await server.enter_room(sid, "hall", namespace="/bench")


@server.on("say", namespace="/bench")
async def say(sid: str, given: dict[str, Any]) -> dict[str, Any]:
    for said in range(given["n"], given["n"] + given["count"]):
        body = {"n": said, "t": given["t"], "text": given["text"]}
        await server.emit("said", body, room="hall", namespace="/bench")
    return {"ok": True}


if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(server),
        port=int(sys.argv[1]),
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_level="error",
    )
