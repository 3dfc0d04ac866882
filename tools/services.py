"""Servers the tests need: installed from Debian's packages when missing, started on free ports, stopped after."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PACKAGES = {
    "chromium": "chromium",
    "curl": "curl",
    "mariadbd": "mariadb-server",
    "openssl": "openssl",
    "ps": "procps",
    "redis-server": "redis-server",
    "sqlite3": "sqlite3",
}
# A database of tests is thrown away, so nothing in it has to survive a power cut.
HASTY = """
innodb_flush_log_at_trx_commit=0
innodb_flush_method=nosync
innodb_doublewrite=0
innodb_buffer_pool_size=128M
"""
DURABLE = """
innodb_flush_log_at_trx_commit=1
innodb_buffer_pool_size=512M
"""


class Missing(SystemExit):
    """A program is not here and cannot be installed from here; the message says what to install."""


def ensure(*programs: str) -> None:
    """Install the packages of programs that are missing; raises Missing where that is not possible."""
    missing = [name for name in programs if not shutil.which(name, path=_path())]
    if not missing:
        return
    packages = [PACKAGES[name] for name in missing]
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Missing(
            f"The tests need {', '.join(missing)}. Install the packages {' '.join(packages)} first."
        )
    print(f"Installing {', '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=900"]
    subprocess.run([*apt, "update"], check=True, env=quiet)
    subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )


def chromium() -> str:
    """Return where the browser is; raises Missing where there is none."""
    ensure("chromium")
    return str(shutil.which("chromium", path=_path()))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def mariadb(*, durable: bool = False, further: str = "") -> Iterator[str]:
    """Run a MariaDB server with one empty database and give its address; `durable` makes a commit wait for the disk.

    `further` are lines for its options.
    """
    ensure("mariadbd")
    port = free_port()
    with _folder("mariadb") as (folder, log):
        options = folder / "my.cnf"
        options.write_text(
            f"[mysqld]\nuser={getpass.getuser()}\ndatadir={folder}/data\nsocket={folder}/socket\npid-file={folder}/pid\n"
            f"bind-address=127.0.0.1\nport={port}\nskip-name-resolve\nperformance_schema=0\nmax_connections=200\n"
            "character-set-server=utf8mb4\ncollation-server=utf8mb4_unicode_520_ci\n"
            + (DURABLE if durable else HASTY)
            + further
        )
        defaults = f"--defaults-file={options}"
        install = [_found("mariadb-install-db"), defaults, "--auth-root-authentication-method=normal"]
        subprocess.run(install, check=True, stdout=log, stderr=log)
        with _process([_found("mariadbd"), defaults], port, log):
            _ask_mariadb(port, "CREATE DATABASE guildry")
            yield f"mysql://root@127.0.0.1:{port}/guildry"


def pid_of(database: str) -> int:
    """Return the process id of a server that `mariadb` started."""
    port = int(database.rsplit(":", 1)[1].split("/")[0])
    return int(Path(_ask_mariadb(port, "SELECT @@pid_file").strip()).read_text())


@contextmanager
def redis(port: int = 0) -> Iterator[str]:
    """Run a Redis server that stores nothing, on a free port unless one is given, and give its address."""
    ensure("redis-server")
    port = port or free_port()
    with _folder("redis") as (folder, log):
        command = [_found("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with _process([*command, "--dir", str(folder)], port, log):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _folder(name: str) -> Iterator[tuple[Path, IO[bytes]]]:
    with (
        tempfile.TemporaryDirectory(prefix=f"guildry-{name}-") as folder,
        Path(folder, "log").open("wb") as log,
    ):
        yield Path(folder), log


def _ask_mariadb(port: int, statement: str) -> str:
    command = [_found("mariadb"), "-h127.0.0.1", f"-P{port}", "-uroot", "-Ne", statement]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def _process(command: list[str], port: int, log: IO[bytes]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_for(process, port)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not answer on port {port}.")


def _found(program: str) -> str:
    return shutil.which(program, path=_path()) or program


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
