"""Kill whoever changes the schema, and the server under it, at every moment that matters: the end must be the same."""

import argparse
import hashlib
import json
import logging
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import structlog

from tools import services, steps

FORK = multiprocessing.get_context("fork")
# What is about the way there, or numbered and timed by it, and so may differ.
OF_THE_WAY = frozenset({"upgrades_change", "upgrades_step"})
BY_NAME = {
    "django_migrations": "SELECT app, name FROM django_migrations",
    "django_content_type": "SELECT app_label, model FROM django_content_type",
    "auth_permission": (
        "SELECT c.app_label, c.model, p.codename, p.name FROM auth_permission p "
        "JOIN django_content_type c ON c.id = p.content_type_id"
    ),
}


@dataclass(frozen=True)
class Likeness:
    """What two databases must have in common: how their tables are made, and what is in them."""

    schema: str
    tables: dict[str, str]

    def differences(self, other: "Likeness") -> list[str]:
        names = sorted(self.tables.keys() | other.tables.keys())
        found = [name for name in names if self.tables.get(name) != other.tables.get(name)]
        return (["the schema"] if self.schema != other.schema else []) + found


@dataclass
class Sweep:
    """What a sweep did: how often it killed, and where the end was another one than it should be."""

    kills: int = 0
    points: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0


def likeness() -> Likeness:
    """Take the measure of the database that is connected."""
    from django.db import connection

    from guildry.platform.upgrades.executor import fingerprints

    tables = {}
    for table in fingerprints.tables_of(connection):
        if table in OF_THE_WAY:
            continue
        with connection.cursor() as cursor:
            cursor.execute(BY_NAME.get(table, f"SELECT * FROM {connection.ops.quote_name(table)}"))
            rows = sorted(repr(row) for row in cursor.fetchall())
        tables[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return Likeness(fingerprints.of_everything(connection), tables)


def migrate(watcher: Callable[[str], None] = lambda point: None) -> None:
    """Carry out everything step by step, as a database that was not empty would get it."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.upgrades import actions
    from guildry.platform.upgrades.executor import journal

    MigrationRecorder(connection).ensure_schema()
    with journal.watching(watcher):
        actions.bring_up_to_date(SYSTEM)


class Killer:
    """Ends its process without a word at the first point nobody was killed at before, and writes that point down."""

    def __init__(self, book: Path, every: int = 1, offset: int = 0) -> None:
        self.book, self.every, self.offset = book, every, offset % every
        self.seen = set(book.read_text().splitlines())

    def __call__(self, point: str) -> None:
        if point in self.seen:
            return
        self.seen.add(point)
        with self.book.open("a") as book:
            book.write(point + "\n")
        if len(self.seen) % self.every == self.offset:
            os.kill(os.getpid(), signal.SIGKILL)


def _in_child(function: Callable[..., None], *arguments: Any) -> int:
    """Run something in a process of its own and return how it ended: 0, or less than that for a signal."""
    child = FORK.Process(target=function, args=arguments)
    child.start()
    child.join()
    return int(child.exitcode or 0)


def sweep_client(book: Path, *, every: int = 1, offset: int = 0) -> Sweep:
    """Kill the client at every `every`th point from `offset` on, one process for each, until one gets to the end."""
    found, began = Sweep(), time.monotonic()
    book.touch()
    while (code := _in_child(migrate, Killer(book, every, offset))) != 0:
        if code != -signal.SIGKILL:
            raise RuntimeError(f"The change of the schema ended with {code} after {found.kills} kills.")
        found.kills += 1
    found.points, found.seconds = book.read_text().splitlines(), time.monotonic() - began
    return found


def sweep_server(database: str, *, kills: int, longest: float, dice: random.Random) -> Sweep:
    """Kill the server at random moments while a client is at work, and start it again."""
    found, began = Sweep(), time.monotonic()
    while found.kills < kills:
        child = FORK.Process(target=_quietly)
        child.start()
        time.sleep(dice.uniform(0.02, longest))
        if not child.is_alive() and child.exitcode == 0:
            break
        _kill_server(database)
        found.kills += 1
        child.join()
    if code := _in_child(migrate):
        raise RuntimeError(
            f"The change of the schema ended with {code} after {found.kills} kills of the server."
        )
    found.seconds = time.monotonic() - began
    return found


def _quietly() -> None:
    sys.stderr = open(os.devnull, "w")
    migrate()


def _kill_server(database: str) -> None:
    pid = services.pid_of(database)
    command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        time.sleep(0.01)
    SERVERS.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            services.pid_of(database)
        except (subprocess.CalledProcessError, FileNotFoundError, ValueError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not come back.")


SERVERS: list[subprocess.Popen[bytes]] = []


def use(database: str, data: Path) -> None:
    """Set Django up for one database; a process does so once."""
    data.mkdir(parents=True, exist_ok=True)
    os.environ |= {"GUILDRY_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "guildry.config.settings"}
    os.environ["GUILDRY_DATABASE"] = database or "sqlite"
    if database:
        os.environ["GUILDRY_REDIS"] = "redis://127.0.0.1:1/0"
    import django

    django.setup()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def point_to(name: str) -> None:
    """Let further connections go to another database of the same kind."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def _reference(make: Callable[[str], str], name: str) -> Likeness:
    point_to(make(name))
    if code := _in_child(migrate):
        raise RuntimeError(f"The undisturbed run ended with {code}.")
    return likeness()


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    if engine == "sqlite":
        yield "", lambda name: str(folder / f"{name}.db")
        return
    with services.mariadb(durable=True) as database:

        def make(name: str) -> str:
            port = int(database.rsplit(":", 1)[1].split("/")[0])
            services._ask_mariadb(port, f"CREATE DATABASE {name}")
            return name

        try:
            yield database, make
        finally:
            for server in SERVERS:
                server.terminate()
                server.wait(60)


def main(arguments: list[str]) -> int:
    """Sweep one engine and print what was found; 1 when any end was another one."""
    parser = argparse.ArgumentParser(prog="killsweep", description=__doc__)
    parser.add_argument("engine", choices=["sqlite", "mariadb"])
    parser.add_argument(
        "--every", type=int, default=1, help="kill the client at every so many points (default 1)"
    )
    parser.add_argument(
        "--offset",
        type=int,
        default=0,
        help="which of them: parts with every offset make a whole (default 0)",
    )
    parser.add_argument(
        "--server-kills", type=int, default=12, help="how often the server is killed (default 12)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object as well, in a line of its own"
    )
    chosen = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="guildry-killsweep-") as scratch,
        _databases(chosen.engine, Path(scratch)) as (database, make),
    ):
        use(database, Path(scratch, "data"))
        began = time.monotonic()
        expected = _reference(make, "undisturbed")
        took = time.monotonic() - began
        print(
            f"undisturbed: {len(expected.tables)} tables, schema {expected.schema[:12]}, {took:.1f} s",
            flush=True,
        )
        point_to(make("client"))
        results = {"client": sweep_client(Path(scratch, "points"), every=chosen.every, offset=chosen.offset)}
        results["client"].differences = expected.differences(likeness())
        if database and chosen.server_kills:
            point_to(make("server"))
            dice = random.Random(chosen.seed)
            results["server"] = sweep_server(database, kills=chosen.server_kills, longest=took / 4, dice=dice)
            results["server"].differences = expected.differences(likeness())
    if chosen.json:
        print(json.dumps({name: asdict(found) for name, found in results.items()}))
    for name, found in results.items():
        verdict = f"differs in {', '.join(found.differences)}" if found.differences else "the same end"
        print(
            f"{name} of {chosen.engine}: {found.kills} kills at {len(found.points)} points in {found.seconds:.0f} s: {verdict}"
        )
    return 1 if any(found.differences for found in results.values()) else 0


if __name__ == "__main__":
    steps.main(main)
