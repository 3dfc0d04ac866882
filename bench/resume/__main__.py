"""`./dev bench resume`: official clients, cut off again and again, at a server that is killed, miss nothing.

Twenty pages run the product's own live.js on the official Socket.IO client. While members publish posts, connections
are cut and the server is killed and started again. Each page must have every post once and in the one order of facts.
Full size: --posts 5000 --drops 300 --kills 5.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tools.services import free_port

from bench.fanout import servers
from bench.fanout.people import NAME
from bench.timeline.programs import family_of
from tools import steps

HERE = Path(__file__).parent
AUTHORS = 4
PATIENCE = 90.0


@dataclass
class Listeners:
    """The process in which all pages live."""

    process: "subprocess.Popen[str]"

    def tell(self, words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def ask(self, words: str) -> Any:
        assert self.process.stdout is not None
        self.tell(words)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("The pages are gone.")
        return json.loads(line)

    def wait_for(self, what: str, count: int) -> dict[str, int]:
        """Wait until a count is reached, as long as it still moves; raises SystemExit when it stands still."""
        moved_at, last = time.monotonic(), -1
        while (state := self.ask("count"))[what] < count:
            if state[what] != last:
                moved_at, last = time.monotonic(), state[what]
            if time.monotonic() - moved_at > PATIENCE:
                raise SystemExit(f"Stood still at {state}, waiting for {what} to be {count}.")
            time.sleep(0.2)
        return dict(state)


@dataclass
class Site:
    """The server, which can be killed and started again on its data and its port."""

    data: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "guildry.config",
            "serve",
            "--no-supervisor",
            "--no-demo",
            "--port",
            str(self.port),
        ]
        environment = {**os.environ, "GUILDRY_DATA_DIR": str(self.data)}
        log = self.data.parent / "serve.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        servers.wait_for(self.port, self.process, log)

    def kill(self) -> None:
        """Kill the site and its supervisor, which else would let the site end what it began."""
        assert self.process is not None
        for pid in family_of(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Faults:
    """What goes wrong while posts are published, spread over them at random but the same every time."""

    drops: int
    kills: int
    dice: random.Random = field(default_factory=lambda: random.Random(11))

    def plan(self, posts: int, clients: int) -> dict[int, list[str]]:
        """Return, by the number of a post, what happens after it."""
        planned: dict[int, list[str]] = {}
        for _ in range(self.drops):
            planned.setdefault(self.dice.randrange(posts), []).append(f"drop {self.dice.randrange(clients)}")
        for number in range(self.kills):
            planned.setdefault(posts * (number + 1) // (self.kills + 1), []).append("kill")
        return planned


def main(arguments: list[str]) -> int:
    chosen = _parser().parse_args(arguments)
    _install()
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        site, people = Site(Path(folder) / "data"), Path(folder) / "people"
        servers.settle(site.data, people, AUTHORS + chosen.clients)
        cookies = people.read_text().splitlines()[AUTHORS:]
        site.start()
        try:
            with _listening(site, cookies) as listeners:
                listeners.wait_for("ready", chosen.clients)
                began = time.monotonic()
                published = _go_through(chosen, site, listeners)
                resets = listeners.wait_for("least", len(published))["resets"]
                took = time.monotonic() - began
                heard = listeners.ask("end")
        finally:
            site.kill()
    return _report(published, heard, resets, took)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench resume", description=__doc__)
    parser.add_argument("--posts", type=int, default=300)
    parser.add_argument("--drops", type=int, default=20)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--rate", type=float, default=30.0, help="posts a second (default 30)")
    return parser


def _install() -> None:
    if not (HERE / "node_modules" / "ws").is_dir():
        print("Installing a WebSocket for Node", flush=True)
        quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "install", *quiet], cwd=HERE, check=True)


@contextmanager
def _listening(site: Site, cookies: list[str]) -> Iterator[Listeners]:
    with tempfile.TemporaryDirectory(prefix="guildry-static-") as folder:
        script = _laid_out(Path(folder))
        command = ["node", str(HERE / "listeners.mjs"), site.origin, script.as_uri(), *cookies]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        try:
            yield Listeners(process)
        finally:
            process.terminate()
            process.communicate()


def _laid_out(folder: Path) -> Path:
    """Put the product's modules side by side as the site serves them; Node takes them for modules by a package file."""
    source = steps.ROOT / "src" / "guildry"
    own = sorted((source / "platform/realtime/static/realtime").glob("*.js"))
    for found in (*own, source / "ui/static/vendor/socket.io.esm.min.js"):
        kept = folder / found.parent.name / found.name
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(found.read_bytes())
    (folder / "package.json").write_text('{"type": "module"}')
    return folder / "realtime" / "live.js"


def _go_through(chosen: argparse.Namespace, site: Site, listeners: Listeners) -> list[int]:
    """Have everything published while everything goes wrong; returns the posts in the order of publication."""
    plan = Faults(chosen.drops, chosen.kills).plan(chosen.posts, chosen.clients)
    handles = [NAME.format(number) for number in range(AUTHORS)]
    command = [sys.executable, "-m", "bench.resume.writing", str(chosen.posts), str(chosen.rate), *handles]
    environment = {
        **os.environ,
        "GUILDRY_DATA_DIR": str(site.data),
        "DJANGO_SETTINGS_MODULE": "guildry.config.settings",
    }
    writing = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert writing.stdout is not None
    published: list[int] = []
    restarts: list[threading.Thread] = []
    for number, line in enumerate(writing.stdout):
        published.append(int(line))
        for fault in plan.get(number, ()):
            if fault == "kill":
                for restart in restarts:
                    restart.join()
                site.kill()
                restarts.append(threading.Thread(target=site.start))
                restarts[-1].start()
            else:
                listeners.tell(fault)
    for restart in restarts:
        restart.join()
    if writing.wait() or len(published) != chosen.posts:
        raise SystemExit(f"Only {len(published)} posts were published.")
    return published


def _report(published: list[int], heard: list[list[list[int]]], resets: int, took: float) -> int:
    wanted = sorted(published)
    lost = sum(len(set(wanted) - {post for _, post in one}) for one in heard)
    doubled = sum(len(one) - len({post for _, post in one}) for one in heard)
    moved = sum(later[0] <= earlier[0] for one in heard for earlier, later in pairwise(one))
    differing = sum(one != heard[0] for one in heard)
    print(f"{len(heard)} clients, {len(published):,} posts each, {took:.0f} s: {lost} lost, {doubled} duplicated, "
          f"{moved} out of order, {differing} clients unlike the first, {resets} sent to load the page again")  # fmt: skip
    return 1 if lost or doubled or moved or differing or resets else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
