"""Asking other servers: only the open internet, only what is wanted, and never for long."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from guildry.kernel import errors, tracing
from guildry.platform.outbound import queries, rules

pytestmark = pytest.mark.loopback
HTML = frozenset({"text/html"})
OPEN, INSIDE = "127.0.0.1", "192.168.7.7"
NAMES = {"open.example": [OPEN], "inside.example": [INSIDE], "both.example": [OPEN, INSIDE]}
PAGE = b"""<!doctype html><html><head><title>Plain &amp; title</title>
<meta property="og:title" content="The   footbridge&#10;is open"><meta property="og:title" content="second">
<meta name="description" content="plain description"><meta property="og:description" content="Nine days\xc2\xa0of work">
<meta property="og:site_name" content="Tide \xe2\x80\xaeCollective"><meta property="og:image" content="/bridge.jpg">
</head><body><title>not this</title></body></html>"""


class Answers(BaseHTTPRequestHandler):
    """Answers each path as the test says, and remembers what it was asked."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        status, headers, body = self.server.answers[self.path]  # type: ignore[attr-defined]
        if callable(body):
            body(self.connection)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


class ToServer(queries.GuardedBackend):
    """Reaches the server of the test wherever the open internet is meant, and counts connections."""

    def __init__(self, port: int) -> None:
        super().__init__(lambda address: address == OPEN or rules.is_public(address))
        self.port, self.connections = port, 0

    def connect_tcp(self, host: str, port: int, *arguments: Any, **named: Any) -> Any:
        stream = super().connect_tcp(host, self.port, *arguments, **named)
        self.connections += 1
        return stream


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer names as NAMES says; returns every name that was looked up, numbers left out."""
    asked: list[str] = []
    genuine = socket.getaddrinfo

    def look_up(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        if host not in NAMES:
            return genuine(host, port, *arguments, **named)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port)) for found in NAMES[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.fixture
def server(lookups: list[str]) -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        running.answers, running.asked = {}, []  # type: ignore[attr-defined]
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def ask(server: Any) -> Callable[..., queries.Fetched]:
    def fetch(path: str = "/", host: str = "open.example", most: int = 10_000) -> queries.Fetched:
        backend = ToServer(server.server_address[1])
        return queries.fetch(f"http://{host}{path}", max_bytes=most, media_types=HTML, backend=backend)

    return fetch


def html(body: Any = b"<p>Hello</p>", status: int = 200, **headers: str) -> tuple[int, dict[str, str], Any]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "text/html; charset=utf-8", **given}, body


def to(address: str, status: int = 302) -> tuple[int, dict[str, str], bytes]:
    return status, {"Location": address}, b""


def test_a_page_is_read_whole(server: Any, ask: Any) -> None:
    server.answers["/"] = html()

    found = ask()

    assert (found.url, found.media_type, found.content) == (
        "http://open.example/",
        "text/html",
        b"<p>Hello</p>",
    )
    assert server.asked[0][1]["Accept-Encoding"] == "identity"
    assert "Cookie" not in server.asked[0][1]


@pytest.mark.parametrize(
    "host", ["inside.example", "both.example", INSIDE, "[::ffff:10.0.0.1]", "169.254.169.254"]
)
def test_nothing_inside_is_asked(server: Any, ask: Any, host: str) -> None:
    with pytest.raises(queries.AddressRefused):
        ask(host=host)

    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://inside.example/", "http://both.example/", "http://10.0.0.1/", "http://[::1]/", "http://[fe80::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://open.example:8080/", "http://user:pw@open.example/",
        "file:///etc/passwd", "gopher://open.example/", "//inside.example/x", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a_redirect_leads_nowhere_inside(server: Any, ask: Any, address: str) -> None:
    server.answers["/"] = to(address)

    with pytest.raises(queries.AddressRefused):
        ask()

    assert [path for path, _ in server.asked] == ["/"]


def test_a_redirect_is_followed_a_few_times(server: Any, ask: Any) -> None:
    server.answers |= {
        "/": to("/a", 301),
        "/a": to("http://open.example/b", 307),
        "/b": to("c", 308),
        "/c": html(),
    }

    assert ask().url == "http://open.example/c"


def test_a_circle_of_redirects_ends(server: Any, ask: Any) -> None:
    server.answers |= {"/": to("/a"), "/a": to("/")}

    with pytest.raises(queries.NoUsefulAnswer):
        ask()

    assert len(server.asked) == rules.MOST_REDIRECTS + 1


def test_a_name_is_looked_up_once_for_each_connection(server: Any, ask: Any, lookups: list[str]) -> None:
    server.answers["/"] = html()

    ask()

    assert lookups == ["open.example"]


def test_a_name_that_changes_its_address_in_between_reaches_nothing(
    server: Any, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers |= {"/": to("/again", 302), "/again": html()}
    addresses = iter([[OPEN], [INSIDE]])
    monkeypatch.setitem(NAMES, "open.example", _Changing(addresses))
    server.answers["/"] = (302, {"Location": "/again", "Connection": "close"}, b"")

    with pytest.raises(queries.AddressRefused):
        ask()

    assert [path for path, _ in server.asked] == ["/"]


class _Changing(list[str]):
    """A list of addresses that is another one every time it is read."""

    def __init__(self, answers: Iterator[list[str]]) -> None:
        super().__init__()
        self.answers = answers

    def __iter__(self) -> Iterator[str]:
        return iter(next(self.answers))


@pytest.mark.parametrize("announced", [True, False])
def test_a_huge_page_is_given_up_early(server: Any, ask: Any, announced: bool) -> None:
    body = b"x" * 400_000
    server.answers["/"] = html(body, **({"Content_Length": "400000"} if announced else {}))

    with pytest.raises(errors.TooLarge):
        ask()


def test_a_packed_page_is_not_unpacked(server: Any, ask: Any) -> None:
    server.answers["/"] = html(gzip.compress(b"<p>" + b"0" * 50_000_000), Content_Encoding="gzip")

    with pytest.raises(queries.NoUsefulAnswer):
        ask(most=1_000_000)


@pytest.mark.parametrize("media_type", ["application/json", "image/png", "text/htmlx", "", "text/plain"])
def test_another_type_is_not_taken(server: Any, ask: Any, media_type: str) -> None:
    server.answers["/"] = (200, {"Content-Type": media_type}, b"<p>Hello</p>")

    with pytest.raises(queries.NoUsefulAnswer):
        ask()


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 500, 503])
def test_only_a_success_is_taken(server: Any, ask: Any, status: int) -> None:
    server.answers["/"] = html(b"", status, Content_Length="0")

    with pytest.raises(queries.NoUsefulAnswer):
        ask()


def dripping(head: bytes) -> Callable[[socket.socket], None]:
    """Send a beginning, then one byte now and then for ever."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            time.sleep(0.05)
            try:
                connection.sendall(b"x")
            except OSError:
                return

    return drip


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Long: ",
        b"HTTP/1.1 200 O",
        b"",
    ],
    ids=["in the page", "in a header", "in the first line", "before anything"],
)
def test_a_slow_server_is_left_when_its_time_is_over(
    server: Any, ask: Any, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "READ_SECONDS", 0.3)
    server.answers["/"] = html(dripping(head))

    began = time.monotonic()
    with pytest.raises(queries.NoUsefulAnswer):
        ask()

    assert time.monotonic() - began < 3


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n", b"\x00\xff\x00\xff", b"HTTP/1.1 abc\r\n\r\n"])
def test_something_that_is_not_the_web_gives_nothing(server: Any, ask: Any, answer: bytes) -> None:
    def speak(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.close()

    server.answers["/"] = html(speak)

    with pytest.raises(queries.NoUsefulAnswer):
        ask()


def test_a_name_without_a_server_gives_nothing(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: Any, **named: Any) -> Any:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(queries.NoUsefulAnswer):
        ask(host="nowhere.example")


def preview_of(server: Any) -> queries.Preview:
    backend = ToServer(server.server_address[1])
    return queries.fetch_preview("http://open.example/post", backend=backend)


def test_a_preview_is_what_the_page_says_of_itself(server: Any) -> None:
    server.answers["/post"] = html(PAGE)

    assert preview_of(server) == queries.Preview(
        url="http://open.example/post",
        title="The footbridge is open",
        description="Nine days of work",
        site="Tide Collective",
        image_url="http://open.example/bridge.jpg",
    )


def test_a_page_without_cards_is_named_by_its_title_and_host(server: Any) -> None:
    server.answers["/post"] = html(
        b"<title> A  <b>plain</b> page </title><meta name='description' content='Just words'>"
    )

    found = preview_of(server)

    assert (found.title, found.description) == ("A <b>plain</b> page", "Just words")
    assert (found.site, found.image_url) == ("open.example", "")


@pytest.mark.parametrize(
    "image", ["javascript:alert(1)", "data:image/png;base64,AAAA", "http://h:22/x.png", "http://a:b@h/x"]
)
def test_a_picture_that_cannot_be_asked_for_is_left_out(server: Any, image: str) -> None:
    server.answers["/post"] = html(f'<meta property="og:image" content="{image}">'.encode())

    assert preview_of(server).image_url == ""


def test_what_a_page_says_is_cut_to_length(server: Any) -> None:
    server.answers["/post"] = html(b"<meta property='og:title' content='" + b"a" * 5000 + b"'>")

    assert len(preview_of(server).title) == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html; charset=iso-8859-1", "<title>Grüße</title>".encode("latin-1")),
        ("text/html; charset=\"windows-1252\"", "<title>Grüße</title>".encode("cp1252")),
        ("text/html; charset=none-such", "<title>Grüße</title>".encode()),
        ("text/html", "<title>Grüße</title>".encode()),
    ],
)  # fmt: skip
def test_a_page_is_read_in_its_own_encoding(server: Any, content_type: str, body: bytes) -> None:
    server.answers["/post"] = (200, {"Content-Type": content_type}, body)

    assert preview_of(server).title == "Grüße"


def test_a_page_in_no_encoding_at_all_is_still_read(server: Any) -> None:
    server.answers["/post"] = html(b"<title>\xff\xfe\x00broken</title>")

    assert preview_of(server).title.endswith("broken")


def test_a_server_is_told_the_trace_it_is_asked_in(server: Any, ask: Any) -> None:
    server.answers["/"] = html()

    with tracing.span("job", "asks", trace_id="4bf92f3577b34da6a3ce929d0e0e4736"):
        ask()

    _, headers = server.asked[0]
    assert tracing.parse(headers["traceparent"])[0] == "4bf92f3577b34da6a3ce929d0e0e4736"
