"""`./dev bench timeline`: 10,000 members, 200,000 posts, one page read by a signed-in member, random who and where.

CPU time of each server process per request, warm, in interleaved rounds, the median of them; on MariaDB with the CPU
of the database. Servers run on one core, load and database on the other. Every answer is compared first.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.timeline import load, programs
from bench.timeline.data import STATEMENTS, Keys, keys_in
from guildry.kernel.paging import encode_cursor
from tools import services

GOALS = {
    "sqlite": {"JSON": 5.0, "page": 3.0},
    "mariadb": {"JSON": 3.0, "page": 2.2},
}
LOOP_GOAL = 4.0


@dataclass
class Subject:
    """One row of the table: `measure` returns CPU nanoseconds of the program for one round."""

    name: str
    measure: Callable[[], float]
    rounds: list[tuple[float, float]] = field(default_factory=list)

    @property
    def total(self) -> float:
        return statistics.median(own + database for own, database in self.rounds)

    @property
    def own(self) -> float:
        return statistics.median(own for own, _ in self.rounds)


@dataclass
class Plan:
    """Who reads from where: the same list for every program."""

    wanted: list[tuple[int, int]]
    keys: dict[int, Keys]

    def json(self, port: int) -> list[bytes]:
        return [self._request(port, f"/api/v1/timeline/posts?tab=latest&cursor={encode_cursor(before)}",
                              f"Authorization: Bearer {self.keys[member].token}") for member, before in self.wanted]  # fmt: skip

    def page(self, port: int) -> list[bytes]:
        return [self._request(port, f"/timeline/?tab=latest&cursor={encode_cursor(before)}",
                              f"Cookie: {self.keys[member].cookie}; csrf={32 * 'x'}") for member, before in self.wanted]  # fmt: skip

    @staticmethod
    def _request(port: int, path: str, who: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{who}\r\n\r\n".encode()


def main(arguments: list[str]) -> int:
    chosen = _parser().parse_args(arguments)
    is_pinned = programs.pin_load()
    programs.install()
    services.ensure(*(["mariadbd"] if "mariadb" in chosen.databases else []))
    kept = Path(chosen.keep) if chosen.keep else None
    print(f"{chosen.members:,} members, {chosen.posts:,} posts, {chosen.requests:,} requests a round, "
          f"{chosen.rounds} rounds, {'pinned' if is_pinned else 'one core, not pinned'}")  # fmt: skip
    missed = []
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        for name in chosen.databases:
            missed += _bench(name, chosen, (kept or Path(folder)) / name)
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench timeline", description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=1_500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", metavar="DIR", help="keep the filled SQLite database here for the next run")
    parser.add_argument("databases", nargs="*", default=["sqlite", "mariadb"], metavar="sqlite|mariadb")
    return parser


def _bench(name: str, chosen: argparse.Namespace, data: Path) -> list[str]:
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        database = stack.enter_context(services.mariadb()) if name == "mariadb" else str(data / "guildry.db")
        database_pid = _pid_of("mariadbd") if name == "mariadb" else None
        _fill(data, database, chosen)
        plan = _plan(chosen, keys_in(data))
        ours = stack.enter_context(programs.guildry(data, database))
        orm = stack.enter_context(programs.node("Express + Sequelize", "orm.mjs", database, data))
        raw = stack.enter_context(programs.node("Fastify + driver", "raw.mjs", database, data))
        _compare([ours, orm, raw], plan)
        subjects = [
            Subject("Express + Sequelize, JSON", _over_http(orm, plan.json(orm.port))),
            Subject("Fastify + driver, JSON", _over_http(raw, plan.json(raw.port))),
            Subject("driver loop, rows", _loop(database, data, plan)),
            Subject("guildry, JSON", _over_http(ours, plan.json(ours.port))),
            Subject("guildry, page", _over_http(ours, plan.page(ours.port))),
        ]
        for _ in range(chosen.rounds):
            for subject in subjects:
                subject.rounds.append(_round(subject, database_pid, chosen.requests))
    return _report(name, subjects)


def _fill(data: Path, database: str, chosen: argparse.Namespace) -> None:
    if (data / STATEMENTS).exists() and not database.startswith("mysql:"):
        return
    print("filling the database", flush=True)
    environment = {**os.environ, "GUILDRY_DATA_DIR": str(data)}
    if database.startswith("mysql:"):
        environment["GUILDRY_DATABASE"] = database
        _create(database)
    command = [sys.executable, "-m", "bench.timeline.data", str(chosen.members), str(chosen.posts), str(data)]
    subprocess.run(command, env=environment, check=True)


def _create(database: str) -> None:
    import MySQLdb

    from bench.timeline.loop import address_of

    parts = address_of(database)
    name = parts.pop("database")
    with MySQLdb.connect(**parts) as connection:
        connection.cursor().execute(f"CREATE DATABASE IF NOT EXISTS {name}")


def _plan(chosen: argparse.Namespace, keys: dict[int, Keys]) -> Plan:
    dice = random.Random(7)
    wanted = [(dice.choice(list(keys)), dice.randint(100, chosen.posts)) for _ in range(chosen.requests)]
    return Plan(wanted, keys)


def _compare(running: list[programs.Program], plan: Plan) -> None:
    """Refuse to measure programs that do not answer the same."""
    few = Plan(plan.wanted[:200], plan.keys)
    reference = load.answers(running[0].port, few.json(running[0].port))
    for program in running[1:]:
        for mine, theirs in zip(reference, load.answers(program.port, few.json(program.port)), strict=True):
            if json.loads(mine) != json.loads(theirs):
                raise SystemExit(
                    f"{program.name} answers something else:\n{mine[:2000]!r}\n{theirs[:2000]!r}"
                )
    size = statistics.mean(map(len, reference))
    print(f"{len(reference)} answers equal, {size / 1024:.1f} KB each")


def _over_http(program: programs.Program, requests: list[bytes]) -> Callable[[], float]:
    load.drive(program.port, requests)

    def measure() -> float:
        before = program.cpu()
        load.drive(program.port, requests)
        return program.cpu() - before

    return measure


def _loop(database: str, data: Path, plan: Plan) -> Callable[[], float]:
    wanted = data / "wanted.json"
    wanted.write_text(json.dumps([(plan.keys[member].token, before) for member, before in plan.wanted]))
    command = [sys.executable, "-m", "bench.timeline.loop", database, str(data), str(wanted)]

    def measure() -> float:
        out = subprocess.run(programs.on_server_core(command), check=True, capture_output=True, text=True)
        return float(out.stdout) * 1000 * len(plan.wanted)

    return measure


def _round(subject: Subject, database_pid: int | None, requests: int) -> tuple[float, float]:
    """Return CPU microseconds a request: of the program, and of the database."""
    before = programs.cpu_of(database_pid) if database_pid else 0
    own = subject.measure()
    database = programs.cpu_of(database_pid) - before if database_pid else 0
    return own / 1000 / requests, database / 1000 / requests


def _pid_of(name: str) -> int:
    """Return the process of that name that this one started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        text = path.read_text()
        command, parent = (
            text[text.index("(") + 1 : text.rindex(")")],
            int(text[text.rindex(")") + 2 :].split()[1]),
        )
        if command == name and parent == os.getpid():
            return int(path.parent.name)
    raise RuntimeError(f"{name} is not running.")


def _report(name: str, subjects: list[Subject]) -> list[str]:
    by_name = {subject.name: subject for subject in subjects}
    peer, floor = by_name["Express + Sequelize, JSON"].total, by_name["driver loop, rows"].total
    print(f"\n{name:28} {'CPU us':>8} {'database':>9} {'spread':>7} {'x peer':>7} {'x loop':>7}")
    for subject in subjects:
        totals = [own + database for own, database in subject.rounds]
        spread = (max(totals) - min(totals)) / subject.total
        print(f"{subject.name:28} {subject.own:8.0f} {subject.total - subject.own:9.0f} {spread:6.0%} "
              f"{peer / subject.total:7.2f} {subject.total / floor:7.2f}")  # fmt: skip
    missed = []
    for kind, goal in GOALS[name].items():
        if (reached := peer / by_name[f"guildry, {kind}"].total) < goal:
            missed.append(f"{name}: {kind} is {reached:.2f} times the peer's JSON, not {goal:g}")
    if (cost := by_name["guildry, JSON"].total / floor) > LOOP_GOAL:
        missed.append(f"{name}: JSON costs {cost:.2f} times the driver loop, not at most {LOOP_GOAL:g}")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
