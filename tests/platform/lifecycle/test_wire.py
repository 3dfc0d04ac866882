"""A read without a body goes straight to a thread and back, and everything else as the server does it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from guildry.platform.lifecycle.bridge import Answer, Bridge, Pool, plain
from guildry.platform.lifecycle.bridge.traffic import TRAFFIC
from guildry.platform.lifecycle.bridge.wire import Wire, head_of
from tests.platform.lifecycle.test_bridge import Environ, Start, Stream, Whole, echo

GET = b"GET /a%20b?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Transport(asyncio.Transport):
    """The other end of a connection: what was written to it, and whether it is open."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 80), "peername": ("127.0.0.1", 5)})
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Visit:
    """One connection to a site."""

    def __init__(self, site: Bridge) -> None:
        self.state = ServerState()
        self.state.default_headers = [(b"date", b"today")]
        config = uvicorn.Config(site, http=Wire, ws="none", lifespan="off", log_config=None, access_log=False)
        config.load()
        self.transport = Transport()
        self.wire = Wire(
            config=config, server_state=self.state, app_state={}, _loop=asyncio.get_running_loop()
        )
        self.wire.connection_made(self.transport)

    async def ask(self, request: bytes, *, answers: int = 1) -> bytes:
        """Send something and return all that came back once there were so many more answers."""
        wanted = self.state.total_requests + answers
        self.wire.data_received(request)
        async with asyncio.timeout(10):
            while self.state.total_requests < wanted:
                await asyncio.sleep(0.001)
        return b"".join(self.transport.written)


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    threads = Pool(2)
    threads.start()
    yield threads
    await asyncio.to_thread(threads.stop)


def site_of(wsgi: Any, pool: Pool, **options: Any) -> Bridge:
    return Bridge(wsgi, pool, **{"largest_body": 1000, **options})


def tells_who(environ: Environ, start: Start) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return Whole(
        [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']} {environ['QUERY_STRING']}".encode()]
    )


def counted(path: str) -> int:
    kept = TRAFFIC._counts.get((path, 2), [])
    return sum(kept)


async def test_a_read_leaves_in_one_piece(pool: Pool) -> None:
    visit, before = Visit(site_of(echo, pool)), counted("page")

    came = await visit.ask(GET)

    assert len(visit.transport.written) == 1
    assert came == (
        b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-type: text/plain\r\nx-trace-id: t1\r\ncontent-length: 9\r\n\r\n"
        b"GET /a b "
    )
    assert not visit.transport.is_closed
    assert visit.state.tasks == set()
    assert counted("page") == before + 1


async def test_a_connection_takes_one_read_after_the_other(pool: Pool) -> None:
    visit = Visit(site_of(echo, pool))

    came = await visit.ask(GET + GET + GET, answers=3)

    assert came.count(b"HTTP/1.1 200 OK") == came.count(b"GET /a b ") == 3


async def test_what_has_a_body_goes_the_way_of_the_server(pool: Pool) -> None:
    visit = Visit(site_of(echo, pool))
    await visit.ask(GET)

    came = await visit.ask(b"POST /p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")

    assert came.endswith(b"POST /p hello")


@pytest.mark.parametrize(
    "head",
    [
        b"HEAD /h HTTP/1.1\r\n\r\n",
        b"GET /h HTTP/1.0\r\n\r\n",
        b"GET /h HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    ],
)
async def test_other_requests_are_answered_as_well(pool: Pool, head: bytes) -> None:
    came = await Visit(site_of(echo, pool)).ask(head)

    assert came.startswith(b"HTTP/1.1 200 OK")


async def test_a_connection_ends_when_its_client_asks_for_it(pool: Pool) -> None:
    visit = Visit(site_of(echo, pool))

    came = await visit.ask(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert b"\r\nconnection: close\r\n" in came
    assert visit.transport.is_closed


async def test_a_stopping_server_lets_a_read_finish_and_says_goodbye_with_it(pool: Pool) -> None:
    visit = Visit(site_of(echo, pool))
    visit.wire.data_received(GET)

    visit.wire.shutdown()
    stays_open = not visit.transport.is_closed
    came = await visit.ask(b"")

    assert stays_open
    assert b"\r\nconnection: close\r\n" in came
    assert visit.transport.is_closed


async def test_the_server_can_give_up_a_read(pool: Pool) -> None:
    visit = Visit(site_of(echo, pool))
    visit.wire.data_received(GET)
    (running,) = visit.state.tasks

    running.cancel(msg="the time to finish was over")
    visit.wire.connection_lost(None)
    await asyncio.sleep(0.05)

    assert visit.transport.is_closed
    assert visit.transport.written == []
    assert visit.state.tasks == set()


async def test_an_answer_that_is_still_made_follows_as_the_server_sends_it(pool: Pool) -> None:
    stream = Stream(3)

    def streams(environ: Environ, start: Start) -> Any:
        start("200 OK", [("Content-Type", "text/plain")])
        return stream

    visit = Visit(site_of(streams, pool))
    came = await visit.ask(GET)

    assert came.endswith(b"transfer-encoding: chunked\r\n\r\n1\r\n0\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n")
    while not stream.closed:
        await asyncio.sleep(0.001)
    assert set(stream.threads) <= {"web 0", "web 1"}


async def test_a_failure_is_told_without_what_it_was(pool: Pool) -> None:
    def fails(environ: Environ, start: Start) -> Any:
        raise LookupError("secret")

    visit = Visit(site_of(fails, pool))
    came = await visit.ask(GET)

    assert came.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"secret" not in came
    assert visit.transport.is_closed


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "1\r\nSet-Cookie: a=b"), ("X-A", "\x01"), ("X-A", "\n"), ("Content-Length", "1")],
)
async def test_a_head_that_would_lie_is_not_sent(pool: Pool, name: str, value: str) -> None:
    def lies(environ: Environ, start: Start) -> Any:
        start("200 OK", [(name, value)])
        return Whole([b"hello"])

    came = await Visit(site_of(lies, pool)).ask(GET)

    assert came.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"Set-Cookie" not in came


async def test_what_the_loop_knows_needs_no_thread() -> None:
    idle = Pool(1)
    probe = {"/a b": lambda scope: plain(200, "well")}

    came = await Visit(site_of(echo, idle, quick=probe, standing=[(b"x-own", b"1")])).ask(GET)
    still = await Visit(site_of(echo, idle, static=lambda scope: plain(200, "a file"))).ask(GET)
    refused = await Visit(site_of(echo, idle, refuses=lambda path: True)).ask(GET)
    nothing = await Visit(site_of(None, idle)).ask(GET)

    assert came.endswith(b"x-own: 1\r\n\r\nwell")
    assert still.endswith(b"a file")
    assert refused.endswith(b"GET /a b ")
    assert nothing.startswith(b"HTTP/1.1 404")


async def test_a_trusted_proxy_says_who_asks(pool: Pool) -> None:
    forwarded = b"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\r\n"

    came = await Visit(site_of(tells_who, pool)).ask(GET[:-2] + forwarded)
    visit = Visit(site_of(tells_who, pool))
    visit.wire.client = ("192.0.2.1", 5)
    from_elsewhere = await visit.ask(GET[:-2] + forwarded)

    assert came.endswith(b"192.0.2.7 https x=1")
    assert from_elsewhere.endswith(b"192.0.2.1 http x=1")


async def test_nonsense_is_refused(pool: Pool) -> None:
    visit = Visit(site_of(echo, pool))

    visit.wire.data_received(b"GET nothing\r\n\r\n")

    assert visit.transport.written[0].startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert visit.transport.is_closed


def test_an_answer_that_ends_the_connection_says_it_once() -> None:
    head, is_kept = head_of(
        Answer(204, [(b"content-length", b"0"), (b"connection", b"close")]), [], is_kept=False
    )

    assert head.count(b"connection: close") == 1
    assert not is_kept
