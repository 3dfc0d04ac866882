"""A TCP proxy that misbehaves on demand: it delays, stalls, resets, refuses, or ends a conversation after so many bytes.

`python -m tools.faultproxy --to 127.0.0.1:3306` prints the port it listens on, then obeys one line at a time on its
standard input, or on a loopback port with `--control`: `latency 0.2 jitter 0.1`, `hold`, `reset`, `refuse`, `limit 1000`,
`clear`, `show`.
"""

import argparse
import asyncio
import random
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

CHUNK = 64 * 1024
# A socket that lingers for no time is closed with a reset.
RESET = struct.pack("ii", 1, 0)
SWITCHES = frozenset({"hold", "reset", "refuse"})
AMOUNTS = frozenset({"latency", "jitter", "limit"})


@dataclass(frozen=True)
class Fault:
    """What is wrong with the line: seconds added to every piece, `hold` swallows all of it, `limit` counts answered bytes."""

    latency: float = 0.0
    jitter: float = 0.0
    limit: int = -1
    hold: bool = False
    reset: bool = False
    refuse: bool = False

    def __post_init__(self) -> None:
        if self.latency < 0 or self.jitter < 0 or self.limit < -1:
            raise ValueError("Times and limits are not negative.")
        if sum((self.hold, self.reset, self.refuse)) > 1:
            raise ValueError("A line is held, reset or refused, one at a time.")

    def __str__(self) -> str:
        amounts = [f"{name} {getattr(self, name):g}" for name in ("latency", "jitter") if getattr(self, name)]
        limit = [f"limit {self.limit}"] if self.limit >= 0 else []
        switches = [name for name in sorted(SWITCHES) if getattr(self, name)]
        return " ".join([*amounts, *limit, *switches]) or "clear"


CLEAR = Fault()


def parsed(line: str) -> Fault:
    """Read a line of commands; raises ValueError naming the word that is none."""
    words = iter(line.split())
    wanted: dict[str, float | int | bool] = {}
    for word in words:
        if word in SWITCHES:
            wanted[word] = True
        elif word in AMOUNTS:
            number = next(words, "")
            wanted[word] = int(number) if word == "limit" else float(number)
        elif word != "clear":
            raise ValueError(
                f"{word!r} is none of {', '.join(sorted(SWITCHES | AMOUNTS | {'clear', 'show'}))}."
            )
    return Fault(**wanted)  # type: ignore[arg-type]


class Line:
    """One conversation through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.ends = (client, server)
        self.answered = 0

    def cut(self, *, abruptly: bool) -> None:
        for end in self.ends:
            plug = end.get_extra_info("socket")
            if abruptly and plug and plug.fileno() >= 0:
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.transport.abort() if abruptly else end.close()


class Proxy:
    """Listens on a loopback port and passes conversations on to one address; lives in one event loop."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.fault = CLEAR
        self.met = 0
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        await self._stop_listening()
        self._cut_all(abruptly=True)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def apply(self, fault: Fault) -> None:
        """Change what is wrong, for conversations that run as well as for those to come."""
        self.fault = fault
        self._changed.set()
        self._changed = asyncio.Event()
        if fault.reset or fault.refuse:
            self._cut_all(abruptly=fault.reset)
        if fault.refuse:
            await self._stop_listening()
        elif self._server is None:
            await self.open()

    async def _stop_listening(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    def _cut_all(self, *, abruptly: bool) -> None:
        for line in list(self._lines):
            line.cut(abruptly=abruptly)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met += 1
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._talk(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault.reset:
            Line(writer, writer).cut(abruptly=True)
            return
        try:
            answers, server = await asyncio.open_connection(*self.target)
        except OSError:
            return
        line = Line(writer, server)
        self._lines.add(line)
        try:
            await asyncio.gather(
                self._carry(reader, server, line, counts=False),
                self._carry(answers, writer, line, counts=True),
            )
        finally:
            self._lines.discard(line)
            line.cut(abruptly=False)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line, *, counts: bool
    ) -> None:
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                await self._delay()
                if counts and self.fault.limit >= 0:
                    piece = piece[: max(0, self.fault.limit - line.answered)]
                line.answered += len(piece) if counts else 0
                writer.write(piece)
                await writer.drain()
                if counts and 0 <= self.fault.limit <= line.answered:
                    break
        line.cut(abruptly=False)

    async def _delay(self) -> None:
        """Wait as long as the fault says, and not beyond its end."""
        while self.fault.hold:
            await self._changed.wait()
        if seconds := self.fault.latency + random.uniform(0, self.fault.jitter):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)


class Remote:
    """A proxy in a thread of its own, steered from another."""

    def __init__(self, proxy: Proxy, loop: asyncio.AbstractEventLoop) -> None:
        self._proxy, self._loop = proxy, loop

    @property
    def port(self) -> int:
        return self._proxy.port

    @property
    def met(self) -> int:
        """Return how many conversations were begun."""
        return self._proxy.met

    def apply(self, **fault: float | bool) -> None:
        """Change what is wrong; without a word the line is good again."""
        wanted = Fault(**fault)  # type: ignore[arg-type]
        asyncio.run_coroutine_threadsafe(self._proxy.apply(wanted), self._loop).result(10)

    @contextmanager
    def failing(self, **fault: float | bool) -> Iterator[None]:
        """Let the line fail for the length of a block."""
        self.apply(**fault)
        try:
            yield
        finally:
            self.apply()


@contextmanager
def between(host: str, port: int) -> Iterator[Remote]:
    """Run a proxy in front of an address for the length of a block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fault proxy", daemon=True)
    thread.start()

    async def opened() -> Proxy:
        proxy = Proxy(host, port)
        await proxy.open()
        return proxy

    proxy = asyncio.run_coroutine_threadsafe(opened(), loop).result(10)
    try:
        yield Remote(proxy, loop)
    finally:
        asyncio.run_coroutine_threadsafe(proxy.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def obey(proxy: Proxy, line: str) -> str:
    """Do what one line asks and return what to say about it."""
    if line.split() == ["show"]:
        return f"{proxy.fault}; {proxy.met} conversations so far"
    try:
        await proxy.apply(parsed(line))
    except ValueError as error:
        return f"refused: {error}"
    return f"ok: {proxy.fault}"


async def control(proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Obey a loopback connection line by line."""
    while line := (await reader.readline()).decode(errors="replace").strip():
        writer.write(f"{await obey(proxy, line)}\n".encode())
        await writer.drain()
    writer.close()


async def run(target: tuple[str, int], port: int, control_port: int | None) -> int:
    """Run until standard input ends, or for ever with a control port."""
    proxy = Proxy(*target)
    proxy.port = port
    await proxy.open()
    print(f"listening on 127.0.0.1:{proxy.port}, to {target[0]}:{target[1]}", flush=True)
    if control_port is not None:
        server = await asyncio.start_server(lambda r, w: control(proxy, r, w), "127.0.0.1", control_port)
        print(f"control on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            print(await obey(proxy, line), flush=True)
    await proxy.close()
    return 0


def faultproxy(arguments: list[str]) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tools.faultproxy", description=__doc__)
    parser.add_argument("--to", required=True, metavar="HOST:PORT", help="where conversations go")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--control", type=int, metavar="PORT", help="obey this loopback port (0: a free one)")
    chosen = parser.parse_args(arguments)
    host, _, port = chosen.to.rpartition(":")
    with suppress(KeyboardInterrupt):
        return asyncio.run(run((host, int(port)), chosen.port, chosen.control))
    return 0


if __name__ == "__main__":
    sys.exit(faultproxy(sys.argv[1:]))
