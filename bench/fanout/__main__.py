"""`./dev bench fanout`: a room of 1,000 official-protocol sockets, one speaks, everybody hears.

Guildry's messages take the whole way of the product: event, permission, durable fact in SQLite, seal, dispatcher,
projection, frames. Node's socket.io and python-socketio on uvicorn emit to a room. One event brings a batch of
messages. Servers run on one core, the crowd on the other; rounds are interleaved and the median counts.
"""

import argparse
import json
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.fanout import servers
from bench.timeline.programs import pin_load

PER_MEMBER = 16
DELIVERIES_A_SECOND = 10_000
GOALS = {"node": 1.25, "stock": 8.0, "p99": 0.6, "memory": 45.0}


@dataclass
class Subject:
    """One row of the table; `messages` is how much it says in a round."""

    server: servers.Server
    crowd: servers.Crowd
    messages: int
    kilobytes: float
    rounds: list[dict[str, Any]] = field(default_factory=list)
    clocked: list[dict[str, Any]] = field(default_factory=list)

    def speak(self, batch: int, window: int) -> None:
        self.rounds.append(self._measured(f"burst {self.messages} {batch} {window}"))

    def speak_by_the_clock(self, sockets: int, seconds: float) -> None:
        self.clocked.append(self._measured(f"open {DELIVERIES_A_SECOND / sockets} {seconds}"))

    def _measured(self, command: str) -> dict[str, Any]:
        before = self.server.cpu()
        found = self.crowd.tell(command)
        return found | {"rate": found["deliveries"] / (self.server.cpu() - before)}

    @property
    def rate(self) -> float:
        """Deliveries for each second of CPU."""
        return statistics.median(found["rate"] for found in self.rounds)

    def clock(self, key: str) -> float:
        return statistics.median(found[key] for found in self.clocked)


def main(arguments: list[str]) -> int:
    chosen = _parser().parse_args(arguments)
    is_pinned = pin_load()
    servers.install()
    print(f"{chosen.sockets:,} sockets, batches of {chosen.batch}, {chosen.window} on their way, {chosen.rounds} rounds, "
          f"{'pinned' if is_pinned else 'one core, not pinned'}")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder, ExitStack() as stack:
        subjects = _seated(Path(folder), chosen, stack)
        for subject in subjects:
            subject.crowd.tell(f"burst {max(100, 100_000 // chosen.sockets)} 1 8")
        for _ in range(chosen.rounds):
            for subject in subjects:
                subject.speak(chosen.batch, chosen.window)
        for _ in range(chosen.rounds):
            for subject in subjects:
                subject.speak_by_the_clock(chosen.sockets, chosen.seconds)
    missed = _report(subjects)
    if chosen.json:
        Path(chosen.json).write_text(json.dumps([vars(s) for s in subjects], default=str, indent=1))
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench fanout", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1_000)
    parser.add_argument("--messages", type=int, default=200, help="messages a round (default 200)")
    parser.add_argument("--batch", type=int, default=1, help="messages that one event brings")
    parser.add_argument("--window", type=int, default=8, help="batches on their way at once")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a round by the clock")
    parser.add_argument(
        "--only", choices=["guildry", "node", "stock"], nargs="*", default=["guildry", "node", "stock"]
    )
    parser.add_argument("--json", metavar="FILE", help="write every round down")
    return parser


def _seated(folder: Path, chosen: argparse.Namespace, stack: ExitStack) -> list[Subject]:
    people, program = folder / "people", servers.compiled(folder)
    servers.settle(folder / "data", people, -(-chosen.sockets // PER_MEMBER))
    starts = {"guildry": lambda: servers.guildry(folder / "data"), "node": lambda: servers.node(folder),
              "stock": lambda: servers.stock(folder)}  # fmt: skip
    subjects = []
    for name in chosen.only:
        server = stack.enter_context(starts[name]())
        # The first sockets bring in what a server imports late; the rest show what one more costs.
        few, many = max(1, chosen.sockets // 10), chosen.sockets
        with servers.crowd(program, server, people, few):
            before = server.memory()
        crowd = stack.enter_context(servers.crowd(program, server, people, many))
        kilobytes = (server.memory() - before) / (many - few) / 1024
        messages = chosen.messages if name != "stock" else max(chosen.batch, chosen.messages // 5)
        subjects.append(Subject(server, crowd, messages // chosen.batch * chosen.batch, kilobytes))
    return subjects


def _report(subjects: list[Subject]) -> list[str]:
    print(f"\n{'':24} {'a CPU second':>12} {'spread':>7} {'us each':>8} {'a second':>9} {'load busy':>9}"
          f" {'p50 ms':>7} {'p99 ms':>7} {'KB a socket':>12}")  # fmt: skip
    for subject in subjects:
        rates = [found["rate"] for found in subject.rounds]
        wall = statistics.median(found["deliveries"] / found["seconds"] for found in subject.rounds)
        busy = max(found["busy"] for found in subject.rounds)
        print(f"{subject.server.name:24} {subject.rate:12,.0f} {(max(rates) - min(rates)) / subject.rate:6.0%}"
              f" {1e6 / subject.rate:8.2f} {wall:9,.0f} {busy:8.0%} {subject.clock('p50'):7.2f}"
              f" {subject.clock('p99'):7.2f} {subject.kilobytes:12.1f}")  # fmt: skip
    by_name = {subject.server.name: subject for subject in subjects}
    ours, node, stock = (by_name.get(name) for name in ("guildry", "Node socket.io", "stock python-socketio"))
    return _missed(ours, node, stock) if ours else []


def _missed(ours: Subject, node: Subject | None, stock: Subject | None) -> list[str]:
    missed = []
    for peer, goal in ((node, GOALS["node"]), (stock, GOALS["stock"])):
        if peer:
            ratio = ours.rate / peer.rate
            print(
                f"guildry delivers {ratio:.2f} times as much a CPU second as {peer.server.name} (goal {goal:g})"
            )
            if ratio < goal:
                missed.append(f"{ratio:.2f} times {peer.server.name}, not {goal:g}")
    if node:
        share = ours.clock("p99") / node.clock("p99")
        print(f"guildry's p99 is {share:.2f} of {node.server.name}'s (goal {GOALS['p99']:g})")
        if share > GOALS["p99"]:
            missed.append(f"p99 is {share:.2f} of {node.server.name}'s, not {GOALS['p99']:g}")
    if ours.kilobytes > GOALS["memory"]:
        missed.append(f"{ours.kilobytes:.1f} KB a socket, not {GOALS['memory']:g}")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
