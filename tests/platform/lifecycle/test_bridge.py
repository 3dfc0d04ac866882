"""The bridge carries a request to a thread and its answer back, and refuses what would harm others."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import pytest

from guildry.platform.lifecycle import bridge
from guildry.platform.lifecycle.bridge import Answer, Bridge, Pool

Environ = dict[str, Any]
Start = Callable[..., Any]


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    threads = Pool(2)
    threads.start()
    yield threads
    await asyncio.to_thread(threads.stop)


def echo(environ: Environ, start: Start) -> Iterable[bytes]:
    """A WSGI site that says what it was asked."""
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("X-Trace-Id", "t1")])
    return Whole([f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ".encode(), body])


class Whole(list[bytes]):
    """A response of Django that is complete."""

    streaming = False
    closed = False

    def close(self) -> None:
        Whole.closed = True


class Stream:
    """A response of Django that is made while it is sent, and knows the threads that made it."""

    streaming = True

    def __init__(self, chunks: int, size: int = 1) -> None:
        self.chunks, self.size = chunks, size
        self.threads: list[str] = []
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for number in range(self.chunks):
            self.threads.append(threading.current_thread().name)
            yield str(number).encode() * self.size

    def close(self) -> None:
        self.threads.append(threading.current_thread().name)
        self.closed = True


class Client:
    """The other end of one request: what it sends, piece by piece, and what it got."""

    def __init__(self, *pieces: bytes, method: str = "GET", path: str = "/", leaves_after: int = -1) -> None:
        self.scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"a=1",
            "http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "client": ("192.0.2.1", 4),
            "headers": [],
        }  # fmt: skip
        self.messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
            for number, piece in enumerate(pieces)
        ]
        if pieces:
            self.scope["headers"] = [(b"content-length", str(len(b"".join(pieces))).encode())]
        self.leaves_after = leaves_after
        self.got: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.messages:
            return self.messages.pop(0)
        while self.leaves_after < 0 or len(self.got) < self.leaves_after:
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.got.append(message)

    async def ask(self, site: Bridge) -> "Client":
        await site(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.got[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.got[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.got[1:])


def site_of(wsgi: Any, pool: Pool, **options: Any) -> Bridge:
    return Bridge(wsgi, pool, **{"largest_body": 1000, **options})


async def test_a_request_is_answered_from_a_thread(pool: Pool) -> None:
    client = await Client(b"he", b"llo", method="POST", path="/a%20b").ask(site_of(echo, pool))

    assert (client.status, client.body) == (200, b"POST /a b hello")
    assert client.headers[b"content-length"] == b"15"
    assert Whole.closed


async def test_what_is_refused_anyhow_waits_for_no_thread() -> None:
    site = site_of(echo, Pool(1), refuses=lambda path: path == "/away/")

    assert (await Client(path="/away/").ask(site)).status == 200


async def test_a_probe_and_a_file_are_answered_without_a_thread() -> None:
    idle = Pool(1)
    quick = {"/healthz": lambda scope: bridge.plain(200, "well")}
    site = site_of(None, idle, quick=quick, static=lambda scope: bridge.plain(200, "file"))

    assert (await Client(path="/healthz").ask(site)).body == b"well"
    assert (await Client(path="/static/a.css").ask(site)).body == b"file"


async def test_what_is_answered_without_a_page_carries_the_standing_headers_once(pool: Pool) -> None:
    quick = {"/healthz": lambda scope: bridge.plain(200, "well")}
    standing = [(b"x-frame-options", b"DENY"), (b"x-content-type-options", b"other")]
    site = site_of(echo, pool, quick=quick, standing=standing)

    probe = await Client(path="/healthz").ask(site)
    refusal = await Client(b"x" * 2000, method="POST").ask(site)
    page = await Client().ask(site)

    assert [name for name, _ in probe.got[0]["headers"]].count(b"x-content-type-options") == 1
    assert (probe.headers[b"x-frame-options"], probe.headers[b"x-content-type-options"]) == (
        b"DENY",
        b"nosniff",
    )
    assert (refusal.status, refusal.headers[b"x-frame-options"]) == (413, b"DENY")
    assert b"x-frame-options" not in page.headers


async def test_a_process_without_pages_says_so(pool: Pool) -> None:
    assert (await Client().ask(site_of(None, pool))).status == 404


async def test_a_body_declared_too_large_is_refused_unread(pool: Pool) -> None:
    client = Client(b"x", method="POST")
    client.scope["headers"] = [(b"content-length", b"1001")]

    await client.ask(site_of(echo, pool))

    assert (client.status, client.headers[b"connection"]) == (413, b"close")
    assert len(client.messages) == 1


async def test_a_body_that_grows_too_large_is_refused(pool: Pool) -> None:
    client = Client(b"x" * 600, b"x" * 600, b"x" * 600, method="POST")
    client.scope["headers"] = [(b"transfer-encoding", b"chunked")]

    await client.ask(site_of(echo, pool))

    assert client.status == 413
    assert len(client.messages) == 1


async def test_a_body_that_stops_arriving_is_given_up(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "SILENCE", 0.05)
    client = Client(b"half", method="POST")
    client.messages[0]["more_body"] = True

    await client.ask(site_of(echo, pool))

    assert (client.status, client.headers[b"connection"]) == (408, b"close")


async def test_a_client_that_left_while_sending_gets_nothing(pool: Pool) -> None:
    client = Client(b"half", method="POST", leaves_after=0)
    client.messages[0]["more_body"] = True

    await client.ask(site_of(echo, pool))

    assert client.got == []


async def test_a_crowd_is_turned_away_while_the_line_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "MOST_WAITING", 1)
    idle = Pool(1)
    waiting = [idle.run(time.sleep, 0) for _ in range(2)]

    client = await Client().ask(site_of(echo, idle))

    assert (client.status, client.headers[b"retry-after"]) == (503, b"2")
    idle.start()
    await asyncio.gather(*waiting)
    await asyncio.to_thread(idle.stop)


async def test_a_stream_is_made_in_one_thread_and_closed_there(pool: Pool) -> None:
    stream = Stream(30)

    def site(environ: Environ, start: Start) -> Stream:
        stream.threads.append(threading.current_thread().name)
        start("200 OK", [])
        return stream

    client = await Client().ask(site_of(site, pool))

    assert client.body == b"".join(str(number).encode() for number in range(30))
    assert client.got[-1] == {"type": "http.response.body", "body": b""}
    assert (stream.closed, len(set(stream.threads))) == (True, 1)


async def test_a_stream_ends_when_its_reader_leaves(pool: Pool) -> None:
    stream = Stream(100_000)

    def site(environ: Environ, start: Start) -> Stream:
        start("200 OK", [])
        return stream

    client = await Client(leaves_after=5).ask(site_of(site, pool))

    assert stream.closed
    assert len(client.got) < 1000


async def test_an_error_of_the_site_reaches_the_server(pool: Pool) -> None:
    def site(environ: Environ, start: Start) -> Iterable[bytes]:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await Client().ask(site_of(site, pool))


async def test_a_socket_elsewhere_is_closed_and_a_gateway_gets_its_own(pool: Pool) -> None:
    seen: list[str] = []

    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])

    for path in ("/elsewhere/", "/socket.io/"):
        client = Client(path=path, leaves_after=0)
        client.scope["type"] = "websocket"
        await client.ask(site_of(echo, pool, sockets=gateway))
        if path == "/elsewhere/":
            assert client.got == [{"type": "websocket.close", "code": 1008}]

    assert seen == ["/socket.io/"]


def test_the_environment_joins_repeated_headers_and_drops_underscores() -> None:
    client = Client()
    client.scope["headers"] = [
        (b"content-type", b"text/plain"), (b"x-a", b"1"), (b"x-a", b"2"), (b"cookie", b"a=1"),
        (b"cookie", b"b=2"), (b"x_forwarded", b"evil"), (b"content-length", b"9"),
    ]  # fmt: skip
    body, _ = asyncio.run(bridge._taken({"headers": []}, client.receive, 10))

    environ = bridge.environ_of(client.scope, body, 0)

    assert environ["CONTENT_TYPE"] == "text/plain"
    assert (environ["HTTP_X_A"], environ["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")
    assert "HTTP_X_FORWARDED" not in environ
    assert (environ["CONTENT_LENGTH"], environ["REMOTE_ADDR"], environ["QUERY_STRING"]) == (
        "",
        "192.0.2.1",
        "a=1",
    )


async def test_a_pool_finishes_what_it_was_given_and_outlives_a_lost_question(pool: Pool) -> None:
    done: list[int] = []
    lost = pool.run(time.sleep, 0.05)
    lost.cancel()

    kept = pool.run(done.append, 1)

    await kept
    assert done == [1]


def test_a_pool_does_not_wait_for_ever() -> None:
    held = threading.Event()

    async def begin() -> Pool:
        threads = Pool(1)
        threads.start()
        threads.run(held.wait)
        await asyncio.sleep(0.05)
        return threads

    stuck = asyncio.run(begin())
    began = time.monotonic()

    stuck.stop(seconds=0.1)

    assert time.monotonic() - began < 5
    held.set()
    stuck.stop()


def test_a_plain_answer_carries_its_own_length() -> None:
    assert bridge.plain(404, "Nothing").body == b"Nothing"
    assert isinstance(bridge.plain(404, "Nothing"), Answer)
