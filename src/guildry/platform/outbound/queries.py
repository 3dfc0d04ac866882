"""Reading from other servers: every address is resolved, checked, and only then connected to."""

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

from guildry.kernel import errors, text, tracing
from guildry.platform.outbound import rules


class AddressRefused(errors.Invalid):
    problem = errors.problem("address-refused", 422, "That address cannot be asked")
    detail = "Only public http and https addresses can be asked."


class NoUsefulAnswer(errors.DomainError):
    problem = errors.problem("no-useful-answer", 502, "The other server gave no useful answer")
    detail = "The other server gave no useful answer."


@dataclass(frozen=True)
class Fetched:
    """An answer of the accepted type, whole; `url` is where the redirects ended."""

    url: str
    media_type: str
    content: bytes
    charset: str = "utf-8"

    @property
    def text(self) -> str:
        """The content as text; what cannot be read in its encoding shows as replacement characters."""
        try:
            return self.content.decode(self.charset, "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class Preview:
    """What a page says of itself, cleaned and cut to length; `image_url` may be empty."""

    url: str
    title: str
    description: str
    site: str
    image_url: str


class GuardedBackend(httpcore.SyncBackend):
    """Connects only to addresses that pass `allowed`; the name is resolved once, so it cannot change in between."""

    def __init__(self, allowed: Callable[[str], bool] = rules.is_public) -> None:
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NoUsefulAnswer("That address has no server.") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise AddressRefused
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


class _Timed(httpcore.NetworkStream):
    """A connection that ends at one moment for all, however slowly the other side keeps talking."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None, refusal: type[Exception]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise refusal
        return left if timeout is None else min(left, timeout)


class _TimedBackend(httpcore.NetworkBackend):
    """Opens connections that all end at one moment."""

    def __init__(self, backend: httpcore.NetworkBackend, deadline: float) -> None:
        self._backend, self._deadline = backend, deadline

    def connect_tcp(self, *arguments: Any, **named: Any) -> httpcore.NetworkStream:
        return _Timed(self._backend.connect_tcp(*arguments, **named), self._deadline)


def fetch(
    url: str, *, max_bytes: int, media_types: frozenset[str], backend: httpcore.NetworkBackend | None = None
) -> Fetched:
    """Get an address, following a few redirects; raises AddressRefused, TooLarge or NoUsefulAnswer."""
    deadline = time.monotonic() + rules.READ_SECONDS * 2
    timed = _TimedBackend(backend or GuardedBackend(), deadline)
    with httpcore.ConnectionPool(network_backend=timed) as pool:
        for _ in range(rules.MOST_REDIRECTS + 1):
            if not rules.is_askable(url):
                raise AddressRefused
            with tracing.span("fetch", urlsplit(url).hostname or ""):
                answer = _ask(pool, url, max_bytes, media_types)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise NoUsefulAnswer("That address leads in circles.")


def fetch_preview(url: str, *, backend: httpcore.NetworkBackend | None = None) -> Preview:
    """Read what a page says of itself; raises as `fetch` does."""
    page = fetch(url, max_bytes=rules.MOST_PAGE_BYTES, media_types=frozenset({"text/html"}), backend=backend)
    head = _Head()
    head.feed(page.text)
    image = urljoin(page.url, head.said.get("og:image", "")) if head.said.get("og:image") else ""
    return Preview(
        url=page.url,
        title=_line(head.said.get("og:title") or head.title, 200),
        description=_line(head.said.get("og:description") or head.said.get("description", ""), 400),
        site=_line(head.said.get("og:site_name") or urlsplit(page.url).hostname or "", 100),
        image_url=image if rules.is_askable(image) else "",
    )


def _ask(
    pool: httpcore.ConnectionPool, url: str, max_bytes: int, media_types: frozenset[str]
) -> Fetched | str:
    """Return the answer, or the address it sends us to."""
    timeouts = {
        "connect": rules.CONNECT_SECONDS,
        "read": rules.READ_SECONDS,
        "write": rules.READ_SECONDS,
        "pool": 1.0,
    }
    headers: dict[bytes | str, bytes | str] = {
        "User-Agent": "Guildry",
        "Accept": ", ".join(sorted(media_types)),
        "Accept-Encoding": "identity",
    }
    if trace := tracing.traceparent():
        headers["traceparent"] = trace
    try:
        with pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response:
            said = {name.lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in (301, 302, 303, 307, 308) and said.get(b"location"):
                return urljoin(url, said[b"location"])
            media_type = said.get(b"content-type", "").split(";")[0].strip().lower()
            is_packed = said.get(b"content-encoding", "identity").strip().lower() != "identity"
            if response.status != 200 or media_type not in media_types or is_packed:
                raise NoUsefulAnswer
            charset = rules.charset_in(said[b"content-type"])
            return Fetched(url, media_type, _read(response, max_bytes), charset)
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, UnicodeError) as error:
        raise NoUsefulAnswer from error


def _read(response: httpcore.Response, max_bytes: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > max_bytes:
            raise errors.TooLarge
    return bytes(content)


class _Head(HTMLParser):
    """Collects the title and the metadata of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._in_title:
            self.title += self.get_starttag_text() or ""
            return
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            named = dict(attrs)
            name = (named.get("property") or named.get("name") or "").lower()
            if name and named.get("content"):
                self.said.setdefault(name, str(named["content"]))

    def handle_endtag(self, tag: str) -> None:
        # What looks like a tag inside a title is text.
        if self._in_title and tag != "title":
            self.title += f"</{tag}>"
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def _line(value: str, most: int) -> str:
    return " ".join(text.clean(value).split())[:most]
