"""A load generator: a fixed number of requests over a few kept connections, each answer checked."""

import asyncio
from collections.abc import Iterator, Sequence


class Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last one is complete."""

    def __init__(
        self, waiting: Iterator[bytes], done: "asyncio.Future[None]", kept: list[bytes] | None
    ) -> None:
        self.waiting, self.done, self.kept = waiting, done, kept
        self.answer, self.missing = b"", -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        request = next(self.waiting, None)
        if request is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.answer, self.missing = b"", -1
        self.transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.answer += data
        if self.missing < 0 and (end := self.answer.find(b"\r\n\r\n")) >= 0:
            head = self.answer[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                self.fail(f"Answered {head[:200]!r}.")
                return
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            self.missing = end + 4 + length
        if 0 <= self.missing <= len(self.answer):
            if self.kept is not None:
                self.kept.append(self.answer[-length_of(self.answer) :])
            self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.fail(f"The server closed the connection: {error}.")

    def fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))
        self.transport.close()


def length_of(answer: bytes) -> int:
    return len(answer) - answer.index(b"\r\n\r\n") - 4


async def _drive(port: int, requests: Sequence[bytes], connections: int, kept: list[bytes] | None) -> None:
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    done = [loop.create_future() for _ in range(connections)]
    for number, future in enumerate(done, 1):
        # Each from an address of its own, because the site bounds what one address may ask for.
        await loop.create_connection(
            lambda future=future: Connection(waiting, future, kept),
            "127.0.0.1",
            port,
            local_addr=(f"127.0.1.{number}", 0),
        )
    await asyncio.gather(*done)


def drive(port: int, requests: Sequence[bytes], connections: int = 16) -> None:
    """Send every request once; raises RuntimeError on any answer but 200."""
    asyncio.run(_drive(port, requests, connections, None))


def answers(port: int, requests: Sequence[bytes]) -> list[bytes]:
    """Return the bodies in the order of the requests."""
    kept: list[bytes] = []
    asyncio.run(_drive(port, requests, 1, kept))
    return kept
