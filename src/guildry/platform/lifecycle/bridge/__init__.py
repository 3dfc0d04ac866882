"""The bridge from the asynchronous server to Django's WSGI handler in a fixed pool of threads."""

import asyncio
import io
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import msgspec
import structlog

from guildry.platform.lifecycle.bridge import access
from guildry.platform.lifecycle.bridge.pool import Pool, Told, number_of_thread
from guildry.platform.lifecycle.bridge.traffic import TRAFFIC

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SPOOL_AT = 2 * 1024 * 1024
SILENCE = 30.0
MOST_WAITING = 500
END: Any = object()

log = structlog.get_logger("guildry.bridge")


class Answer(msgspec.Struct, frozen=True):
    """A complete response; `rest` is what a streaming one still has to produce, in the thread that began it."""

    status: int
    headers: Headers
    body: bytes = b""
    rest: Any = None
    thread: int = 0


class Gone(Exception):
    """The client went away."""


class Bridge:
    """The site as one ASGI application.

    `quick` answers a few paths on the loop without a thread, `static` answers files, `sockets` takes websockets under
    `/socket.io/`; everything else goes to `wsgi`, whose `largest_body` in bytes bounds what a request may send. What it
    will refuse anyhow, by the address alone, as `refuses` tells, does not stand in line behind those that still wait.
    `standing` headers are added to what is answered without it, files aside.
    """

    def __init__(
        self,
        wsgi: Callable[..., Iterable[bytes]] | None,
        pool: Pool,
        *,
        largest_body: int,
        static: Callable[[Scope], Answer | None] | None = None,
        sockets: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None,
        quick: dict[str, Callable[[Scope], Answer]] | None = None,
        refuses: Callable[[str], object] = lambda path: False,
        standing: Headers | None = None,
    ) -> None:
        self.wsgi, self.pool, self.largest_body = wsgi, pool, largest_body
        self.static, self.sockets, self.quick, self.refuses = static, sockets, quick or {}, refuses
        self.standing = standing or []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif probe := self.quick.get(scope["path"]):
            await _send(send, self._told(probe(scope)))
        else:
            await self._request(scope, receive, send)

    def read(self, scope: Scope, loop: asyncio.AbstractEventLoop, told: Told) -> None:
        """Answer a request that has no body, at once or in a thread; tells on the loop, where it is to be called."""
        path = scope["path"]
        if probe := self.quick.get(path):
            told(self._told(probe(scope)), None)
        elif answer := (self.static and self.static(scope)) or self._turned_away():
            told(answer, None)
        elif self.refuses(path):
            told(self._read(scope), None)
        else:
            self.pool.hand(loop, told, self._read, scope)

    def _read(self, scope: Scope) -> Answer:
        return self._call(environ_of(scope, io.BytesIO(), 0))

    def note(self, scope: Scope, answer: Answer, seconds: float) -> None:
        """Count an answer that was given and write it to the access log; probes are left out."""
        path = scope["path"]
        if path not in self.quick:
            TRAFFIC.note(path, answer.status, seconds)
            access.note(f"{scope['method']} {path}", answer.status, seconds, _trace(answer.headers))

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.sockets and scope["path"].startswith("/socket.io/"):
            await self.sockets(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        try:
            answer = (self.static and self.static(scope)) or await self._answer(scope, receive)
        except Gone:
            return
        await self.give(answer, receive, send)
        self.note(scope, answer, time.perf_counter() - began)

    async def give(self, answer: Answer, receive: Receive, send: Send) -> None:
        """Send an answer, and what a streaming one still has to produce."""
        await _send(send, answer)
        if answer.rest is not None:
            await self._stream(answer, receive, send)

    def _turned_away(self) -> Answer | None:
        if self.wsgi is None:
            return self._plain(404, "Nothing here in this role.")
        if self.pool.waiting > MOST_WAITING:
            return self._plain(
                503, "Too many requests wait already. Try again in a moment.", (b"retry-after", b"2")
            )
        return None

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if turned_away := self._turned_away():
            return turned_away
        try:
            body, length = await _taken(scope, receive, self.largest_body)
        except TooLong:
            return self._plain(413, "That is too large. Send something smaller.", (b"connection", b"close"))
        except TimeoutError:
            return self._plain(408, "The request did not arrive in time.", (b"connection", b"close"))
        try:
            environ = environ_of(scope, body, length)
            return (
                self._call(environ)
                if self.refuses(scope["path"])
                else await self.pool.run(self._call, environ)
            )
        finally:
            body.close()

    def _plain(self, status: int, text: str, *headers: tuple[bytes, bytes]) -> Answer:
        return self._told(plain(status, text, *headers))

    def _told(self, answer: Answer) -> Answer:
        present = {name for name, _ in answer.headers}
        missing = [header for header in self.standing if header[0] not in present]
        return msgspec.structs.replace(answer, headers=[*answer.headers, *missing])

    def _call(self, environ: dict[str, Any]) -> Answer:
        assert self.wsgi is not None
        head: list[Any] = []
        response: Any = self.wsgi(environ, lambda *started: head.extend(started[:2]))
        status = int(head[0].split(" ", 1)[0])
        headers = [(_written(name), value.encode("latin-1")) for name, value in head[1]]
        if getattr(response, "streaming", True):
            return Answer(status, headers, rest=response, thread=number_of_thread())
        try:
            body = b"".join(response)
        finally:
            response.close()
        if b"content-length" not in dict(headers):
            headers.append((b"content-length", b"%d" % len(body)))
        return Answer(status, headers, body)

    async def _stream(self, answer: Answer, receive: Receive, send: Send) -> None:
        left = asyncio.ensure_future(_until_gone(receive))
        try:
            chunks = await self.pool.run(iter, answer.rest, thread=answer.thread)
            while not left.done():
                chunk = await self.pool.run(next, chunks, END, thread=answer.thread)
                if chunk is END:
                    await send({"type": "http.response.body", "body": b""})
                    break
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        finally:
            left.cancel()
            if hasattr(answer.rest, "close"):
                await self.pool.run(answer.rest.close, thread=answer.thread)


class TooLong(Exception):
    """A body is larger than anything the site takes."""


def plain(status: int, text: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return a short text response that needs neither thread nor template."""
    body = text.encode()
    return Answer(
        status,
        [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
            *headers,
        ],
        body,
    )


def environ_of(scope: Scope, body: IO[bytes], length: int) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333)."""
    raw = scope.get("raw_path") or scope["path"].encode()
    path = unquote_to_bytes(raw) if b"%" in raw else raw
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "CONTENT_LENGTH": str(length) if length else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": _errors,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"] = scope["client"][0]
    for name, value in scope["headers"]:
        key = _key_of(name)
        if not key:
            continue
        text = value.decode("latin-1")
        environ[key] = (
            f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in environ else text
        )
    return environ


@lru_cache(maxsize=1_000)
def _key_of(name: bytes) -> str:
    """Return the name of a header in the environment; nothing for what a request may not set."""
    key = name.decode("latin-1")
    # With underscores a client could write over a header that a proxy sets.
    if "_" in key or key == "content-length":
        return ""
    key = key.upper().replace("-", "_")
    return key if key == "CONTENT_TYPE" else f"HTTP_{key}"


@lru_cache(maxsize=1_000)
def _written(name: str) -> bytes:
    return name.lower().encode("latin-1")


class _Errors(io.TextIOBase):
    def write(self, text: str) -> int:
        if text.strip():
            log.error(text.strip())
        return len(text)


_errors = _Errors()


async def _taken(scope: Scope, receive: Receive, largest: int) -> tuple[IO[bytes], int]:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if declared.isdigit() and int(declared) > largest:
        raise TooLong
    if not declared and not any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        return io.BytesIO(), 0
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL_AT)  # noqa: SIM115 - closed when the answer is there
    try:
        length = await _fill(spool, receive, largest)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool, length


async def _fill(spool: IO[bytes], receive: Receive, largest: int) -> int:
    length, more = 0, True
    while more:
        async with asyncio.timeout(SILENCE):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        length += len(message["body"])
        if length > largest:
            raise TooLong
        spool.write(message["body"])
        more = message.get("more_body", False)
    return length


async def _send(send: Send, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if answer.rest is None:
        await send({"type": "http.response.body", "body": answer.body})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _trace(headers: Headers) -> str:
    """Return the trace id of an answer, which `traceresponse` names as version-trace-span-flags."""
    for name, value in headers:
        if name == b"traceresponse":
            return value[3:35].decode()
    return ""
