"""Goal 2: readiness falls soon after a dependency fails, however it does, and rises soon after it is back."""

import argparse
import http.client
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.processes.serving import Guildry, Starter, until

from bench.platform.figures import Figure, quantile, told
from tools import faultproxy, services

SEEN_WITHIN, OVER_WITHIN, ANSWERED_WITHIN = 1.0, 1.5, 0.003
LINES = {
    "refused": {"refuse": True},
    "reset": {"reset": True},
    "swallowed": {"hold": True},
    "five seconds late": {"latency": 5.0},
}


@dataclass
class Trouble:
    """A way to fail: `begin` and `end` return the moment from which the time counts; `seen_as` is the verdict then."""

    name: str
    begin: Callable[[], float]
    end: Callable[[], float]
    seen_as: str = "fail"


@dataclass
class Watch:
    """Asks for the verdict a hundred times a second on one connection, and keeps what was said when."""

    guildry: Guildry
    said: list[tuple[float, str]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Watch"]:
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join(10)

    def _run(self) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.guildry.origin).netloc, timeout=10)
        while not self._over.wait(0.01):
            connection.request("GET", "/readyz")
            answer = connection.getresponse().read()
            self.said.append((time.monotonic(), answer.decode()))

    def first(self, verdict: str, since: float, within: float = 30) -> float:
        """Return after how many seconds a verdict was given; raises TimeoutError when it is not."""
        wanted = f'{{"status":"{verdict}"}}'
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for at, said in list(self.said):
                if at >= since and said == wanted:
                    return at - since
            time.sleep(0.01)
        raise TimeoutError(f"No {verdict} within {within:g} s; the last was {self.said[-1:]}.")


class Server:
    """A MariaDB that is looked after from its own root account, and the account of the site there."""

    def __init__(self, address: str) -> None:
        self.place = urlsplit(address)
        self.pid = services.pid_of(address)
        self.command = Path(f"/proc/{self.pid}/cmdline").read_bytes().decode().split("\0")[:-1]
        self.again: subprocess.Popen[bytes] | None = None
        self.crowd: list[Any] = []
        self.kept: Any = None
        self.ask(
            "CREATE USER guildry@'%' IDENTIFIED BY 'secret'", "GRANT ALL ON guildry.* TO guildry@'%'",
            "CREATE USER crowd@'%'",
        )  # fmt: skip

    def connected(self, user: str = "root") -> Any:
        import MySQLdb

        return MySQLdb.connect(host=self.place.hostname, port=self.place.port, user=user)

    def ask(self, *statements: str) -> list[Any]:
        connection = self.connected()
        try:
            return _answered(connection, *statements)
        finally:
            connection.close()

    @staticmethod
    def cut_off(root: Any) -> int:
        """End the connections of the site and return how many there were."""
        rows = _answered(root, "SELECT id FROM information_schema.processlist WHERE user = 'guildry'")
        for (number,) in rows:
            with suppress(Exception):
                _answered(root, f"KILL {number}")
        return len(rows)

    def lock_out(self) -> float:
        with closing(self.connected()) as root:
            _answered(root, "ALTER USER guildry@'%' ACCOUNT LOCK")
            self.cut_off(root)
        return time.monotonic()

    def fill(self) -> float:
        """Take every connection the server has, but for one of root's own, which stays to give them back."""
        self.kept = self.connected()
        _answered(self.kept, "SET GLOBAL max_connections = 12")
        began = time.monotonic()
        while self.cut_off(self.kept) and time.monotonic() - began < 20:
            with suppress(Exception):
                while True:
                    self.crowd.append(self.connected("crowd"))
        return time.monotonic()

    def empty(self) -> float:
        for connection in self.crowd:
            connection.close()
        self.crowd.clear()
        _answered(self.kept, "SET GLOBAL max_connections = 200")
        self.kept.close()
        return time.monotonic()

    def set(self, statement: str) -> float:
        self.ask(statement)
        return time.monotonic()

    def signal(self, number: int) -> float:
        os.kill(self.pid, number)
        return time.monotonic()

    def start_again(self) -> float:
        """Start a killed server; the time counts from when it lets somebody in."""
        self.again = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(Exception):
                self.connected().close()
                self.pid = self.again.pid
                return time.monotonic()
            time.sleep(0.02)
        raise TimeoutError("The server did not come back.")

    def end(self) -> None:
        if self.again:
            self.again.terminate()
            self.again.wait(30)


def _answered(connection: Any, *statements: str) -> list[Any]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.platform.readiness", description=__doc__)
    parser.add_argument("what", choices=("lines", "servers", "disk"))
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        if chosen.what == "disk":
            return told(_on_a_disk(Path(folder) / "embedded", chosen.rounds))
        return told(_figures(Path(folder), chosen.what, chosen.rounds))


def _figures(folder: Path, what: str, rounds: int) -> Iterator[Figure]:
    with _on_servers(folder / "servers") as (guildry, server, line, kill_everything):
        yield from _measured(
            guildry, _troubles_of_lines(line) if what == "lines" else _troubles(server), rounds
        )
        kill_everything()
        yield _answers_while_dead(guildry)


def _on_a_disk(folder: Path, rounds: int) -> Iterator[Figure]:
    folder.mkdir()
    starting = Starter(folder / "data")
    try:
        guildry = starting.serve()
        yield from _measured(guildry, [_full_disk(guildry)], rounds)
    finally:
        starting.end_all()


@contextmanager
def _on_servers(folder: Path) -> Iterator[tuple[Guildry, Server, faultproxy.Remote, Callable[[], None]]]:
    with ExitStack() as stack:
        server = Server(stack.enter_context(services.mariadb()))
        stack.callback(server.end)
        redis = urlsplit(stack.enter_context(services.redis()))
        line = stack.enter_context(
            faultproxy.between(str(server.place.hostname), int(server.place.port or 0))
        )
        to_redis = stack.enter_context(faultproxy.between(str(redis.hostname), int(redis.port or 0)))
        environment = {
            "GUILDRY_DATABASE": f"mysql://guildry:secret@127.0.0.1:{line.port}/guildry",
            "GUILDRY_REDIS": f"redis://127.0.0.1:{to_redis.port}/0",
        }
        starting = Starter(folder / "data", environment)
        folder.mkdir(parents=True)
        stack.callback(starting.end_all)

        def kill_everything() -> None:
            line.apply(refuse=True)
            to_redis.apply(refuse=True)

        yield starting.serve("--role", "web,realtime,worker"), server, line, kill_everything


def _troubles_of_lines(line: faultproxy.Remote) -> list[Trouble]:
    def now_after(change: Callable[[], None]) -> float:
        change()
        return time.monotonic()

    return [
        Trouble(
            f"a line that is {name}",
            lambda fault=fault: now_after(lambda: line.apply(**fault)),  # type: ignore[misc]
            lambda: now_after(line.apply),
        )
        for name, fault in LINES.items()
    ]


def _troubles(server: Server) -> list[Trouble]:
    return [
        Trouble("a frozen server", lambda: server.signal(signal.SIGSTOP), lambda: server.signal(signal.SIGCONT)),
        Trouble("a killed server", lambda: server.signal(signal.SIGKILL), server.start_again),
        Trouble("an account locked", server.lock_out, lambda: server.set("ALTER USER guildry@'%' ACCOUNT UNLOCK")),
        Trouble("connections used up", server.fill, server.empty),
        Trouble(
            "a server that is read-only", lambda: server.set("SET GLOBAL read_only = 1"),
            lambda: server.set("SET GLOBAL read_only = 0"), seen_as="warn",
        ),
    ]  # fmt: skip


def _full_disk(guildry: Guildry) -> Trouble:
    most = resource.prlimit(guildry.pid, resource.RLIMIT_FSIZE)

    def leave(size: int) -> float:
        resource.prlimit(guildry.pid, resource.RLIMIT_FSIZE, (size, most[1]))
        return time.monotonic()

    return Trouble("a full disk", lambda: leave(16 * 1024), lambda: leave(most[0]), seen_as="warn")


def _measured(guildry: Guildry, troubles: list[Trouble], rounds: int) -> Iterator[Figure]:
    """Let each trouble come and go, while a member writes now and then."""
    until(lambda: guildry.get("/readyz").json() == {"status": "pass"}, "all is well", guildry)
    with Watch(guildry).running() as watch, _member(guildry):
        for trouble in troubles:
            seen, over = [], []
            for _ in range(rounds):
                seen.append(watch.first(trouble.seen_as, trouble.begin()))
                time.sleep(1.5)
                over.append(watch.first("pass", trouble.end()))
                time.sleep(1.5)
                watch.said.clear()
            yield Figure(
                f"{trouble.name} is seen after {max(seen):.2f} s at worst of {rounds}",
                f"at most {SEEN_WITHIN:g} s", max(seen) <= SEEN_WITHIN,
            )  # fmt: skip
            yield Figure(
                f"the end of {trouble.name} is seen after {max(over):.2f} s at worst of {rounds}",
                f"at most {OVER_WITHIN:g} s", max(over) <= OVER_WITHIN,
            )  # fmt: skip


@contextmanager
def _member(guildry: Guildry) -> Iterator[None]:
    over = threading.Event()

    def write() -> None:
        while not over.wait(0.25):
            guildry.get("/workshop/writing/")

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)


def _answers_while_dead(guildry: Guildry, count: int = 3000) -> Figure:
    """Ask for the verdict while database and Redis are gone."""
    until(lambda: guildry.get("/readyz").status == 503, "readiness falls", guildry)
    time.sleep(2)
    connection, took = http.client.HTTPConnection(urlsplit(guildry.origin).netloc, timeout=10), []
    for _ in range(count):
        began = time.perf_counter()
        connection.request("GET", "/readyz")
        connection.getresponse().read()
        took.append(time.perf_counter() - began)
    slow = quantile(took, 0.99)
    return Figure(
        f"99 of 100 verdicts with everything dead within {slow * 1000:.2f} ms",
        f"at most {ANSWERED_WITHIN * 1000:g} ms", slow <= ANSWERED_WITHIN,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
