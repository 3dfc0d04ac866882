"""Goal 8: new generations under load, without a failed request and with sockets back in a moment."""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.platform.realtime.client import connected
from tools.services import free_port

from bench.fanout import servers
from bench.platform.figures import Figure, quantile, told
from guildry.platform.lifecycle.serving import records

MOST_SECONDS_BACK = 3.0
NAMESPACE = "/timeline"
# Most visitors ask for what costs little, so that the change and not the page is measured.
PAGES = ("/sign-in/", *("/healthz",) * 19)


@dataclass
class Seen:
    """What visitors and sockets met; `back` holds the seconds from each goodbye to the next welcome."""

    answers: int = 0
    failures: list[str] = field(default_factory=list)
    back: list[float] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Print what happened; returns 1 when a request failed or sockets stayed away too long."""
    parser = argparse.ArgumentParser(prog="bench.platform.generations", description=__doc__)
    parser.add_argument("--generations", type=int, default=20)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--visitors", type=int, default=16)
    parser.add_argument("--sockets", type=int, default=20)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        data, people, port = Path(folder) / "data", Path(folder) / "people", free_port()
        servers.settle(data, people, chosen.sockets)
        cookies = [line.partition("=")[2] for line in people.read_text().splitlines()]
        command = [sys.executable, "-m", "guildry.config", "serve", "--no-demo", "--port", str(port)]
        log = Path(folder) / "log"
        with log.open("wb") as out:
            environment = {**os.environ, "GUILDRY_DATA_DIR": str(data)}
            process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        servers.wait_for(port, process, log)
        try:
            seen = asyncio.run(_watch(chosen, port, cookies, process.pid, data))
        finally:
            process.terminate()
            code = process.wait(120)
    return told(_figures(seen, code, chosen))


async def _watch(chosen: argparse.Namespace, port: int, cookies: list[str], pid: int, data: Path) -> Seen:
    seen, over = Seen(), asyncio.Event()
    people = [
        *(asyncio.create_task(_visit(seen, over, port, number)) for number in range(chosen.visitors)),
        *(asyncio.create_task(_stay(seen, over, port, cookie)) for cookie in cookies),
    ]
    for number in range(2, chosen.generations + 2):
        os.kill(pid, signal.SIGUSR2)
        await _serves(data, pid, number)
        sys.stdout.write(
            f"generation {number} serves after {seen.answers} requests, {len(seen.failures)} failed\n"
        )
    while seen.answers < chosen.requests:
        await asyncio.sleep(0.2)
    over.set()
    await asyncio.gather(*people)
    return seen


async def _serves(data: Path, pid: int, number: int) -> None:
    """Wait until a generation serves alone."""
    async with asyncio.timeout(120):
        while True:
            now = records.last_words(data, pid)
            if now["generation"] == number and len(now["processes"]) == 1:
                return
            if now.get("failed"):
                raise SystemExit(f"A generation failed: {now['failed']}")
            await asyncio.sleep(0.1)


async def _visit(seen: Seen, over: asyncio.Event, port: int, number: int) -> None:
    """Ask on one connection for as long as it is kept, and never twice for the same."""
    writer, asked = None, number
    # As a proxy would say it, so that the limits for one address do not stop the crowd.
    household = f"X-Forwarded-For: 10.{number}.0.1\r\n"
    while not over.is_set():
        asked += 1
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            path = PAGES[asked % len(PAGES)]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{household}\r\n".encode())
            if await _is_last(reader):
                writer.close()
                writer = None
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            seen.failures.append(repr(error))
            writer = None
        seen.answers += 1
        await asyncio.sleep(0.01)
    if writer:
        writer.close()


async def _is_last(reader: asyncio.StreamReader) -> bool:
    """Read one answer; returns whether it ends the connection, and raises ValueError for any but a good one."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if not head.startswith("http/1.1 200"):
        raise ValueError(head.splitlines()[0])
    length = next(line for line in head.splitlines() if line.startswith("content-length:"))
    await reader.readexactly(int(length.split(":")[1]))
    return "connection: close" in head


async def _stay(seen: Seen, over: asyncio.Event, port: int, cookie: str) -> None:
    """Keep a socket, come back when told to, as the browser does."""
    origin, left_at = f"http://localhost:{port}", 0.0
    dice = random.Random(cookie)
    while not over.is_set():
        async with connected(origin, cookie=cookie) as client:
            await client.join(NAMESPACE)
            if left_at:
                seen.back.append(time.monotonic() - left_at)
            while not (client.ended.is_set() or over.is_set()):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(client.ended.wait(), 0.2)
            left_at, told = time.monotonic(), client.bodies("server:draining")
        if told and not over.is_set():
            await asyncio.sleep(told[0]["retry_after"] + dice.random() * told[0]["jitter"])


def _figures(seen: Seen, code: int, chosen: argparse.Namespace) -> Iterator[Figure]:
    failed = f" {Counter(seen.failures).most_common(3)}" if seen.failures else ""
    yield Figure(
        f"{len(seen.failures)} of {seen.answers:,} requests failed over {chosen.generations} new generations{failed}",
        "exactly 0",
        not seen.failures and code == 0,
    )
    slow = quantile(seen.back, 0.95) if seen.back else float("inf")
    yield Figure(
        f"{len(seen.back)} times a socket came back, 95 of 100 within {slow:.2f} s",
        f"at most {MOST_SECONDS_BACK:g} s",
        slow <= MOST_SECONDS_BACK,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
