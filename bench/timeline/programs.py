"""The programs under test: started on the server's core, stopped by their own process, their CPU read from /proc."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from tools.services import free_port

HERE = Path(__file__).parent
SERVER_CORE, LOAD_CORE = 0, 1


@dataclass
class Program:
    name: str
    port: int
    pid: int

    def cpu(self) -> int:
        return cpu_of(self.pid)


def family_of(pid: int) -> list[int]:
    """Return a process and all that came of it: a supervisor has the site beside itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family_of(int(child)))]


def cpu_of(pid: int) -> int:
    """Return the nanoseconds all threads of a process and of its children have run."""
    threads = (path for member in family_of(pid) for path in Path(f"/proc/{member}/task").glob("*/schedstat"))
    return sum(int(path.read_text().split()[0]) for path in threads)


def pin_load() -> bool:
    """Keep this process, and the database it starts, off the server's core; false where there is only one."""
    if len(os.sched_getaffinity(0)) < 2:
        return False
    os.sched_setaffinity(0, {LOAD_CORE})
    return True


def on_server_core(command: list[str]) -> list[str]:
    return ["taskset", "-c", str(SERVER_CORE), *command] if os.cpu_count() != 1 else command


def install() -> None:
    """Bring the comparison programs' libraries from the npm registry, once."""
    if not (HERE / "node_modules" / "sequelize").is_dir():
        print("Installing the comparison programs' libraries", flush=True)
        quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "install", *quiet], cwd=HERE, check=True)


@contextmanager
def guildry(data: Path, database: str) -> Iterator[Program]:
    port = free_port()
    environment = {**os.environ, "GUILDRY_DATA_DIR": str(data)}
    if database.startswith("mysql:"):
        environment["GUILDRY_DATABASE"] = database
    serve = [
        sys.executable,
        "-m",
        "guildry.config",
        "serve",
        "--no-supervisor",
        "--no-demo",
        "--port",
        str(port),
    ]
    with _running("guildry", serve, port, environment, data / "guildry.log") as program:
        yield program


@contextmanager
def node(name: str, script: str, database: str, folder: Path) -> Iterator[Program]:
    port = free_port()
    command = ["node", str(HERE / script), database, str(port), str(folder)]
    environment = {**os.environ, "NODE_ENV": "production"}
    with _running(name, command, port, environment, folder / f"{script}.log") as program:
        yield program


@contextmanager
def _running(
    name: str, command: list[str], port: int, environment: dict[str, str], log: Path
) -> Iterator[Program]:
    with log.open("wb") as out:
        process = subprocess.Popen(on_server_core(command), env=environment, stdout=out, stderr=out)
    try:
        _wait_for(port, process, log)
        yield Program(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(Request(f"http://127.0.0.1:{port}/api/v1/timeline/posts"), timeout=5)
        except OSError as error:
            if getattr(error, "code", 0):
                return
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text()[-2000:]}")
