"""A connection whose plain reads go straight to a thread and back; all else goes the way of the server it extends."""

import asyncio
import re
import time
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, cast
from urllib.parse import unquote

import httptools
import structlog
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from guildry.platform.lifecycle.bridge import Answer, Bridge, Headers, Scope, plain

log = structlog.get_logger("guildry.bridge")

_OF_BODIES = frozenset((b"content-length", b"transfer-encoding", b"expect"))
_OF_PROXIES = frozenset((b"x-forwarded-for", b"x-forwarded-proto"))
_NEVER_SENT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Wire(HttpToolsProtocol):
    """Reads that have no body need no coroutine, and their answers leave in one piece.

    The server sees an exchange where it expects the cycle of a request, and may ask of it what it asks of a cycle.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.app: Any = self.config.loaded_app
        self._proxies: ProxyHeadersMiddleware = self.app
        self.site: Bridge = self._proxies.app
        self._is_plain = self._is_forwarded = False

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_plain, self._is_forwarded = True, False

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _OF_BODIES:
            self._is_plain = False
            super().on_header(name, value)
            return
        if name in _OF_PROXIES:
            self._is_forwarded = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if not self._is_read():
            super().on_headers_complete()
            return
        scope: Any = self.scope
        parsed = httptools.parse_url(self.url)
        path = parsed.path.decode("ascii")
        scope["method"], scope["raw_path"], scope["query_string"] = "GET", parsed.path, parsed.query or b""
        scope["path"] = unquote(path) if "%" in path else path
        if self._is_forwarded:
            _say_who(self._proxies, scope)
        exchange: Any = Exchange(self, scope, is_kept=self.parser.should_keep_alive())
        self.cycle = exchange
        self.tasks.add(exchange)
        exchange.begin(self.site)

    def _is_read(self) -> bool:
        parser, cycle = self.parser, self.cycle
        return (
            self._is_plain
            and self.app is self._proxies
            and (cycle is None or cycle.response_complete)
            and not self.flow.write_paused
            and parser.get_method() == b"GET"
            and parser.get_http_version() == "1.1"
            and not parser.should_upgrade()
        )

    def on_message_complete(self) -> None:
        if not isinstance(self.cycle, Exchange):
            super().on_message_complete()

    def finish(self, exchange: "Exchange", answer: Answer) -> None:
        """Write an answer that is complete, and be ready for the next request."""
        head, is_kept = head_of(answer, self.server_state.default_headers, is_kept=exchange.keep_alive)
        exchange.response_started = exchange.response_complete = True
        self.transport.write(head + answer.body)
        if not is_kept:
            self.transport.close()
        self.on_response_complete()

    def stream(self, exchange: "Exchange", answer: Answer) -> None:
        """Go on as the server does, with an answer that is still being made."""
        cycle = RequestResponseCycle(
            scope=cast(Any, exchange.scope),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=exchange.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.disconnected, cycle.more_body = exchange.disconnected, False
        cycle.message_event.set()
        if self.cycle is exchange:
            self.cycle = cycle
        self._start_asgi_task(cycle, partial(self._rest, answer, exchange.began))

    async def _rest(self, answer: Answer, began: float, scope: Scope, receive: Any, send: Any) -> None:
        await self.site.give(answer, receive, send)
        self.site.note(scope, answer, time.perf_counter() - began)


class _Nobody:
    """Nobody waits for more of a plain read."""

    def set(self) -> None:
        pass


class Exchange:
    """A plain read and its answer."""

    body, message_event, more_body = bytearray(), _Nobody(), False

    def __init__(self, wire: Wire, scope: Scope, *, is_kept: bool) -> None:
        self.wire, self.scope, self.keep_alive = wire, scope, is_kept
        self.disconnected = self.response_started = self.response_complete = False
        self.began = time.perf_counter()

    def begin(self, site: Bridge) -> None:
        try:
            site.read(self.scope, self.wire.loop, self._told)
        except Exception as error:
            self._told(None, error)

    def cancel(self, msg: str = "") -> None:
        """Give up: the time to finish was over."""
        self.wire.transport.close()

    def _told(self, answer: Answer | None, failure: BaseException | None) -> None:
        wire = self.wire
        wire.tasks.discard(self)
        if answer is None:
            log.error("a request failed", exc_info=failure)
            answer = _failed()
        if answer.rest is not None:
            wire.stream(self, answer)
            return
        if self.disconnected or wire.transport.is_closing():
            return
        try:
            wire.finish(self, answer)
        except ValueError as error:
            log.error("an answer cannot be sent", exc_info=error)
            wire.finish(self, answer := _failed())
        wire.site.note(self.scope, answer, time.perf_counter() - self.began)


def _failed() -> Answer:
    return plain(500, "Internal Server Error", (b"connection", b"close"))


def head_of(answer: Answer, standing: Headers, *, is_kept: bool) -> tuple[bytes, bool]:
    """Return what stands above the body, and whether the connection stays.

    Raises ValueError for headers that hold what none may, or that announce another body.
    """
    length = -1
    headers = [*standing, *answer.headers]
    is_said = False
    for name, value in answer.headers:
        if name == b"content-length":
            length = int(value)
        elif name == b"connection" and b"close" in value.lower():
            is_said = True
    if length != len(answer.body):
        raise ValueError(f"{length} bytes are announced, and {len(answer.body)} there.")
    if not (is_kept or is_said):
        headers.append((b"connection", b"close"))
    head = b"".join([STATUS_LINE[answer.status], *[b"%b: %b\r\n" % header for header in headers], b"\r\n"])
    breaks = len(headers) + 2
    if head.count(b"\n") != breaks or head.count(b"\r") != breaks or _NEVER_SENT.search(head):
        raise ValueError("A header holds what ends a line or cannot be printed.")
    return head, is_kept and not is_said


def _say_who(proxies: Any, scope: Any) -> None:
    """Have the server read what a trusted proxy says of its client, which it does without waiting for anything."""
    with suppress(StopIteration):
        _reader_of(proxies)(scope, None, None).send(None)


@lru_cache(maxsize=4)
def _reader_of(proxies: Any) -> Any:
    reader = ProxyHeadersMiddleware(_nobody)
    reader.trusted_hosts = proxies.trusted_hosts
    return reader


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """What the server's reader hands on to."""
