"""A MariaDB server as one talks to it: addresses, programs, and a throwaway one for drills."""

import getpass
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.db import connection

from guildry.ops.backups.engines.common import EngineFailed, Place

NAME = "guildry"
PATIENCE = 60.0
FURTHER = "/usr/sbin:/usr/local/sbin:/usr/local/mysql/bin"
THROWAWAY = """[mysqld]
user={user}
datadir={folder}/data
socket={socket}/s
pid-file={folder}/pid
log-error={folder}/log
init-file={folder}/init.sql
bind-address=127.0.0.1
port={port}
skip-name-resolve
skip-log-bin
performance_schema=0
innodb_flush_log_at_trx_commit=0
innodb_doublewrite=0
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_520_ci
"""
INIT = """CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
DELETE FROM mysql.global_priv WHERE User IN ('root', '');
FLUSH PRIVILEGES;
CREATE USER drill@'127.0.0.1' IDENTIFIED BY '{password}';
GRANT ALL ON *.* TO drill@'127.0.0.1';
"""


@dataclass(frozen=True)
class Address:
    """Where a database is, and as whom one opens it."""

    host: str
    port: int
    user: str
    password: str
    name: str

    @classmethod
    def configured(cls) -> "Address":
        """Return the database of this site."""
        given = connection.settings_dict
        host, port = given["HOST"] or "localhost", int(given["PORT"] or 3306)
        return cls(host, port, given["USER"], given["PASSWORD"], given["NAME"])

    @classmethod
    def parsed(cls, address: str) -> "Address":
        parts = urlsplit(address)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "", parts.port or 3306, user, password, parts.path.strip("/"))

    @property
    def text(self) -> str:
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"mysql://{who}@{self.host}:{self.port}/{self.name}"

    def named(self, name: str) -> "Address":
        return replace(self, name=name)

    def place(self, label: str) -> Place:
        return Place(self.text, label)

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Give a cursor on a connection of its own, which may take its time; raises EngineFailed."""
        import MySQLdb

        given = connection.settings_dict["OPTIONS"]
        try:
            line = MySQLdb.connect(
                host=self.host, port=self.port, user=self.user, password=self.password, database=self.name,
                charset="utf8mb4", connect_timeout=given.get("connect_timeout", 2), autocommit=True,
            )  # fmt: skip
            with closing(line), closing(line.cursor()) as cursor:
                yield cursor
        except MySQLdb.Error as error:
            raise EngineFailed(f"MariaDB said: {error.args[-1]}") from error

    @contextmanager
    def options(self) -> Iterator[str]:
        """Give the option that tells a program whom to talk to; the password stands in a file of this user alone."""
        with tempfile.NamedTemporaryFile("w", prefix="guildry-", suffix=".cnf") as file:
            quoted = self.password.replace("\\", "\\\\").replace('"', '\\"')
            file.write(
                f'[client]\nhost={self.host}\nport={self.port}\nuser={self.user}\npassword="{quoted}"\n'
            )
            file.flush()
            yield f"--defaults-extra-file={file.name}"


def program(name: str, package: str) -> str:
    """Return where a program of MariaDB is; raises EngineFailed, naming what to install."""
    found = shutil.which(name) or shutil.which(name, path=FURTHER)
    if found is None:
        raise EngineFailed(f"{name} is not installed here; it comes with the package {package}")
    return found


@contextmanager
def throwaway(work: Path) -> Iterator[Address]:
    """Run a server of its own in a folder, which only this process can sign in to."""
    folder = work / "server"
    folder.mkdir(mode=0o700)
    password, port = secrets.token_urlsafe(24), _free_port()
    with tempfile.TemporaryDirectory(prefix="guildry-drill-") as sockets:
        options, init = folder / "my.cnf", folder / "init.sql"
        options.write_text(THROWAWAY.format(user=getpass.getuser(), folder=folder, socket=sockets, port=port))
        init.touch(mode=0o600)
        init.write_text(INIT.format(name=NAME, password=password))
        defaults = f"--defaults-file={options}"
        install = [program("mariadb-install-db", "mariadb-server"), defaults, "--skip-test-db"]
        done = subprocess.run(install, capture_output=True, text=True)
        if done.returncode:
            raise EngineFailed(f"no throwaway server can be set up: {(done.stderr or done.stdout)[-300:]}")
        server = subprocess.Popen([program("mariadbd", "mariadb-server"), defaults])
        try:
            address = Address("127.0.0.1", port, "drill", password, NAME)
            _wait_for(server, address)
            yield address
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _wait_for(server: "subprocess.Popen[bytes]", address: Address) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with address.opened():
                return
        except EngineFailed:
            time.sleep(0.1)
    raise EngineFailed("the throwaway server did not start")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
