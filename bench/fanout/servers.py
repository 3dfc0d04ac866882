"""The servers under test, each on the server's core, and the crowd that sits in its room on the other."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.services import Missing, free_port

from bench.timeline.programs import cpu_of, family_of, on_server_core

HERE = Path(__file__).parent
SETTINGS = "bench.fanout.settings"


@dataclass
class Server:
    name: str
    port: int
    pid: int

    def cpu(self) -> float:
        """Return the seconds all its threads have run."""
        return cpu_of(self.pid) / 1e9

    def memory(self) -> int:
        """Return the bytes of memory that are in use."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in family_of(self.pid))
        return pages * os.sysconf("SC_PAGE_SIZE")


@dataclass
class Crowd:
    """The sockets in one server's room; `tell` gives a command and returns what was measured."""

    process: "subprocess.Popen[str]"

    def tell(self, command: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"The crowd left: {self.process.stderr.read() if self.process.stderr else ''}")
        return dict(json.loads(line))


def compiled(folder: Path) -> Path:
    """Compile the crowd; raises Missing without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        raise Missing(
            "This benchmark compiles its load generator. Install a C compiler first: apt install gcc."
        )
    program = folder / "crowd"
    subprocess.run([compiler, "-O2", "-o", str(program), str(HERE / "crowd.c")], check=True)
    return program


def install() -> None:
    """Bring socket.io from the npm registry, once."""
    if not (HERE / "node_modules" / "socket.io").is_dir():
        print("Installing socket.io", flush=True)
        quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "install", *quiet], cwd=HERE, check=True)


def settle(data: Path, people: Path, count: int, *, posts: int = 0) -> None:
    """Let members join an empty community, write posts, and write down the cookie of each."""
    command = [sys.executable, "-m", "bench.fanout.people", str(count), str(posts)]
    done = subprocess.run(command, env=_guildry_environment(data), check=True, capture_output=True, text=True)
    people.write_text(
        "".join(f"{line}\n" for line in done.stdout.splitlines() if line.startswith("guildry="))
    )


@contextmanager
def guildry(data: Path) -> Iterator[Server]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "guildry.config",
        "serve",
        "--no-supervisor",
        "--no-demo",
        "--port",
        str(port),
    ]
    with _running("guildry", command, port, data.parent, _guildry_environment(data)) as server:
        yield server


@contextmanager
def node(folder: Path) -> Iterator[Server]:
    port = free_port()
    environment = {**os.environ, "NODE_ENV": "production"}
    with _running(
        "Node socket.io", ["node", str(HERE / "room.mjs"), str(port)], port, folder, environment
    ) as server:
        yield server


@contextmanager
def stock(folder: Path) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, str(HERE / "stock.py"), str(port)]
    with _running("stock python-socketio", command, port, folder, dict(os.environ)) as server:
        yield server


@contextmanager
def crowd(program: Path, server: Server, people: Path, sockets: int) -> Iterator[Crowd]:
    """Fill the room of a server and give its crowd once everybody is there."""
    resumes = "1" if server.name == "guildry" else "0"
    command = [str(program), str(server.port), "/bench", str(sockets), resumes, str(people)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    try:
        sitting = Crowd(process)
        sitting.answer()
        yield sitting
    finally:
        process.terminate()
        process.communicate()


def _guildry_environment(data: Path) -> dict[str, str]:
    return {**os.environ, "GUILDRY_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": SETTINGS}


@contextmanager
def _running(
    name: str, command: list[str], port: int, folder: Path, environment: dict[str, str]
) -> Iterator[Server]:
    log = folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(on_server_core(command), env=environment, stdout=out, stderr=out)
    try:
        wait_for(port, process, log)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers; raises RuntimeError with what it said when it does not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5)
        except urllib.error.HTTPError as refusal:
            if refusal.code != 503:
                return
        except OSError:
            pass
        else:
            return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text()[-2000:]}")
