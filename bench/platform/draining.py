"""Goal 8: what is on its way at a signal is finished, and a generation that fails leaves the one before in its place."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.processes.serving import Guildry, Starter, until
from tests.processes.test_generations import Crowd, coming, serving

from bench.platform.figures import Figure, told

ON_THEIR_WAY = 200
MOST_SECONDS = 5.0
FAILURES = 3


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        starting = Starter(Path(folder) / "data")
        try:
            return told(_figures(starting))
        finally:
            starting.end_all()


def _figures(starting: Starter) -> Iterator[Figure]:
    yield _finished(starting)
    yield from _given_up(starting)


def _finished(starting: Starter) -> Figure:
    """Stop a process while 200 visitors wait for a page that takes its time."""
    guildry = starting.serve()
    answers, code = asyncio.run(_ask_and_stop(guildry, starting))
    good = sum(answer == "HTTP/1.1 200 OK after 1" for answer in answers)
    seen = f"{good} of {ON_THEIR_WAY} requests on their way at SIGTERM answered, exit code {code}"
    return Figure(seen, f"exactly {ON_THEIR_WAY}", good == ON_THEIR_WAY and code == 0)


async def _ask_and_stop(guildry: Guildry, starting: Starter) -> tuple[list[str], int]:
    port = int(guildry.origin.rpartition(":")[2])

    async def ask() -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /workshop/slow/1/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = (await reader.read()).decode()
        writer.close()
        return f"{answer.partition(chr(13))[0]} {answer.rpartition(chr(10))[2]}"

    asking = [asyncio.create_task(ask()) for _ in range(ON_THEIR_WAY)]
    await asyncio.to_thread(until, lambda: starting.lines("asked"), "the pages are being made", guildry)
    await asyncio.sleep(1)
    code = await asyncio.to_thread(guildry.stop)
    return await asyncio.gather(*asking), code


def _given_up(starting: Starter) -> Iterator[Figure]:
    """Kill new generations on their way and look at what visitors meet, and how long it takes."""
    guildry, took = starting.serve(supervised=True), []
    first = serving(guildry, starting.data)["pid"]
    with Crowd(guildry, 4) as crowd:
        for number in range(1, FAILURES + 1):
            began = time.monotonic()
            guildry.send(signal.SIGUSR2)
            os.kill(coming(guildry, starting.data)["pid"], signal.SIGKILL)
            until(
                lambda number=number: guildry.said.count("generation 1 goes on") == number,  # type: ignore[misc]
                "it is given up",
                guildry,
            )
            took.append(time.monotonic() - began)
    stays = serving(guildry, starting.data)["pid"] == first
    yield Figure(
        f"{len(crowd.failures)} of {crowd.answers} requests failed while {FAILURES} generations did",
        "exactly 0",
        not crowd.failures and stays,
    )
    yield Figure(
        f"a failed generation was given up after {max(took):.2f} s", f"at most {MOST_SECONDS:g} s",
        max(took) <= MOST_SECONDS,
    )  # fmt: skip
    guildry.stop()


if __name__ == "__main__":
    sys.exit(main())
