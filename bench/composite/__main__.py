"""`./dev bench composite`: one process serves pages as fast as it can; a room of sockets must not notice.

Eight connections read the Timeline page of signed-in members without a pause, and with each page what a browser
asks for beside it, while one member speaks in a room by the clock. The room's p99 is measured without and with that
load, in interleaved rounds; the median counts.
"""

import argparse
import asyncio
import re
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

from bench.fanout import servers
from bench.fanout.__main__ import PER_MEMBER
from bench.timeline.load import Connection
from bench.timeline.programs import pin_load

GOAL_P99 = 10.0
READERS, WARM_UP = 8, 2
# As many readers, and addresses they read from, that nobody asks for more than one may.
PEOPLE = 60
PAGE, API = "/timeline/?tab=latest", "/api/v1/timeline/posts"
# A browser that keeps files for good asks for few of them again.
FILES_WITH_A_PAGE = 2
_FILE = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass
class Reading:
    """Connections that ask for the next page as soon as one came, until they are told to stop."""

    port: int
    cookies: list[str]
    beside: tuple[str, ...] = ()
    pages: int = 0
    seconds: float = 0.0
    failure: BaseException | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run)
        self._stopping.clear()
        thread.start()
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - began
            self._stopping.set()
            thread.join()
        if self.failure:
            raise self.failure

    def _run(self) -> None:
        try:
            asyncio.run(self._read())
        except BaseException as error:
            self.failure = error

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        done = [loop.create_future() for _ in range(READERS)]
        requests = self._requests()
        for number, future in enumerate(done, 1):
            await loop.create_connection(
                partial(Connection, requests, future, None), "127.0.0.1", self.port,
                local_addr=(f"127.0.1.{number}", 0),
            )  # fmt: skip
        await asyncio.gather(*done)

    def _requests(self) -> Iterator[bytes]:
        for cookie in cycle(self.cookies):
            if self._stopping.is_set():
                return
            self.pages += 1
            for path in (PAGE, *self.beside):
                head = f"Host: localhost:{self.port}\r\nCookie: {cookie}"
                yield f"GET {path} HTTP/1.1\r\n{head}\r\n\r\n".encode()

    def look(self) -> None:
        """Open one page and note what a browser asks for beside it."""
        request = urllib.request.Request(
            f"http://localhost:{self.port}{PAGE}", headers={"Cookie": self.cookies[0]}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            files = sorted(set(_FILE.findall(answer.read().decode())))
        self.beside = (*files[:FILES_WITH_A_PAGE], API)


def main(arguments: list[str]) -> int:
    chosen = _parser().parse_args(arguments)
    is_pinned = pin_load()
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        people, program = folder / "people", servers.compiled(folder)
        count = max(PEOPLE, -(-chosen.sockets // PER_MEMBER))
        servers.settle(folder / "data", people, count, posts=chosen.posts)
        server = stack.enter_context(servers.guildry(folder / "data"))
        crowd = stack.enter_context(servers.crowd(program, server, people, chosen.sockets))
        crowd.tell("burst 200 1 4")
        reading = Reading(server.port, people.read_text().splitlines())
        reading.look()
        with reading.going_on():
            crowd.tell(f"open {chosen.rate} {WARM_UP}")
        reading.pages, reading.seconds = 0, 0.0
        command = f"open {chosen.rate} {chosen.seconds}"
        quiet, loaded = [], []
        for _ in range(chosen.rounds):
            quiet.append(crowd.tell(command))
            with reading.going_on():
                loaded.append(crowd.tell(command))
    print(f"{chosen.sockets} sockets, {chosen.rate:g} messages a second, {READERS} connections reading pages, "
          f"{'pinned' if is_pinned else 'one core, not pinned'}")  # fmt: skip
    alone, together = (statistics.median(found["p99"] for found in rounds) for rounds in (quiet, loaded))
    middle = [statistics.median(found["p50"] for found in rounds) for rounds in (quiet, loaded)]
    print(f"room alone:      p50 {middle[0]:.2f} ms, p99 {alone:.2f} ms")
    print(f"room with pages: p50 {middle[1]:.2f} ms, p99 {together:.2f} ms (goal {GOAL_P99:g}), "
          f"{reading.pages / reading.seconds:.0f} pages a second with {len(reading.beside)} more requests each")  # fmt: skip
    print(f"the room's p99 is {together / alone:.1f} times what it is without pages")
    if together >= GOAL_P99:
        print(f"missed: the room's p99 is {together:.2f} ms, not under {GOAL_P99:g}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench composite", description=__doc__)
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second (default 10)")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a round")
    parser.add_argument("--posts", type=int, default=200, help="posts on the Timeline that is read")
    parser.add_argument("--rounds", type=int, default=3)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
