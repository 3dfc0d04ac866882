"""The bridge from the asynchronous server to Django's WSGI handler in a fixed pool of threads."""

import asyncio
import io
import tempfile
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import structlog
from django.db import connections

from guildry.kernel.observing import Reading

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SPOOL_AT = 2 * 1024 * 1024
SILENCE = 30.0
MOST_WAITING = 500
END: Any = object()
# Upper bounds of the time an answer takes, in seconds.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

log = structlog.get_logger("guildry.access")


@dataclass(frozen=True)
class Answer:
    """A complete response; `rest` is what a streaming one still has to produce, in the thread that began it."""

    status: int
    headers: Headers
    body: bytes = b""
    rest: Any = None
    thread: int = 0


class Gone(Exception):
    """The client went away."""


class Pool:
    """Threads that keep their database connections; work may ask for the very thread that did the work before."""

    def __init__(self, threads: int) -> None:
        self._shared: deque[Callable[[], None]] = deque()
        self._own: list[deque[Callable[[], None]]] = [deque() for _ in range(threads)]
        self._ready = threading.Condition()
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"web {number}", daemon=True)
            for number in range(threads)
        ]

    @property
    def waiting(self) -> int:
        return len(self._shared)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, *, seconds: float | None = None) -> None:
        """Finish what was handed in, close the connections and end the threads; waits at most `seconds` for each."""
        with self._ready:
            self._stopping = True
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(seconds)

    def run(
        self, work: Callable[..., Any], *arguments: Any, thread: int | None = None
    ) -> "asyncio.Future[Any]":
        """Do some work in a thread; the future belongs to the running loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def call() -> None:
            value, failure = None, None
            try:
                value = work(*arguments)
            except BaseException as error:
                failure = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, future, value, failure)

        with self._ready:
            (self._shared if thread is None else self._own[thread]).append(call)
            self._ready.notify(1 if thread is None else len(self._threads))
        return future

    def _work(self, number: int) -> None:
        own, shared = self._own[number], self._shared
        _here.number = number
        while True:
            with self._ready:
                while not (own or shared or self._stopping):
                    self._ready.wait()
                if not (own or shared):
                    break
                call = own.popleft() if own else shared.popleft()
            call()
        connections.close_all()


_here = threading.local()


def _settle(future: "asyncio.Future[Any]", value: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value)


class Traffic:
    """Answers by what was asked for and by the class of the status; only the loop adds, so nothing is locked."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], list[int]] = {}
        self._seconds: dict[tuple[str, int], float] = {}

    def note(self, path: str, status: int, seconds: float) -> None:
        key = (_area_of(path), status // 100)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = [0] * (len(BOUNDS) + 1)
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._seconds[key] = self._seconds.get(key, 0.0) + seconds

    def readings(self) -> Iterator[Reading]:
        """Yield a histogram for each area and class of status."""
        for (area, hundreds), counts in sorted(self._counts.items()):
            total, buckets = 0, []
            for bound, count in zip((*BOUNDS, float("inf")), counts, strict=True):
                total += count
                buckets.append((bound, total))
            labels = (("area", area), ("status", f"{hundreds}xx"))
            yield Reading(self._seconds[area, hundreds], labels, tuple(buckets))


def _area_of(path: str) -> str:
    if path.startswith("/api/"):
        return "api"
    if path.startswith("/ops/"):
        return "ops"
    return "static" if path.startswith("/static/") else "page"


TRAFFIC = Traffic()


class Bridge:
    """The site as one ASGI application.

    `quick` answers a few paths on the loop without a thread, `static` answers files, `sockets` takes websockets under
    `/socket.io/`; everything else goes to `wsgi`, whose `largest_body` in bytes bounds what a request may send.
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
    ) -> None:
        self.wsgi, self.pool, self.largest_body = wsgi, pool, largest_body
        self.static, self.sockets, self.quick = static, sockets, quick or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif probe := self.quick.get(scope["path"]):
            await _send(send, probe(scope))
        else:
            await self._request(scope, receive, send)

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
        await _send(send, answer)
        if answer.rest is not None:
            await self._stream(answer, receive, send)
        seconds = time.perf_counter() - began
        TRAFFIC.note(scope["path"], answer.status, seconds)
        took = round(seconds * 1000, 1)
        level = log.error if answer.status >= 500 else log.info
        level(f"{scope['method']} {scope['path']}", status=answer.status, ms=took, **_trace(answer.headers))

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if self.wsgi is None:
            return plain(404, "Nothing here in this role.")
        if self.pool.waiting > MOST_WAITING:
            return plain(
                503, "Too many requests wait already. Try again in a moment.", (b"retry-after", b"2")
            )
        try:
            body, length = await _read(scope, receive, self.largest_body)
        except TooLong:
            return plain(413, "That is too large. Send something smaller.", (b"connection", b"close"))
        except TimeoutError:
            return plain(408, "The request did not arrive in time.", (b"connection", b"close"))
        try:
            return await self.pool.run(self._call, environ_of(scope, body, length))
        finally:
            body.close()

    def _call(self, environ: dict[str, Any]) -> Answer:
        assert self.wsgi is not None
        head: list[Any] = []
        response: Any = self.wsgi(environ, lambda *started: head.extend(started[:2]))
        status = int(head[0].split(" ", 1)[0])
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head[1]]
        if getattr(response, "streaming", True):
            return Answer(status, headers, rest=response, thread=_here.number)
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not any(name == b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(len(body)).encode()))
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
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
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
        key = name.decode("latin-1")
        # With underscores a client could write over a header that a proxy sets.
        if "_" in key or key == "content-length":
            continue
        key = key.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = (
            f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in environ else text
        )
    return environ


class _Errors(io.TextIOBase):
    def write(self, text: str) -> int:
        if text.strip():
            log.error(text.strip())
        return len(text)


_errors = _Errors()


async def _read(scope: Scope, receive: Receive, largest: int) -> tuple[IO[bytes], int]:
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


def _trace(headers: Headers) -> dict[str, str]:
    found = next((value for name, value in headers if name == b"x-trace-id"), b"")
    return {"trace_id": found.decode()} if found else {}
