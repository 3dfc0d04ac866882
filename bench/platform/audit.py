"""`python -m bench.platform.audit`: how fast the chain is verified, and what sealing adds to a write."""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles

LEAST_A_SECOND, MOST_ADDED, MOST_WAITING = 1_000_000, 0.10, 2.0


def main() -> int:
    """Print each figure beside its goal; returns 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="bench.platform.audit", description=__doc__)
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--writes", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        os.environ |= {"GUILDRY_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "guildry.config.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        told = [*verifying(asked.facts), *sealing(asked.writes, asked.rounds)]
    for text, is_held in told:
        sys.stdout.write(f"{text}: {'held' if is_held else 'MISSED'}\n")
    return 0 if all(is_held for _, is_held in told) else 1


def verifying(count: int) -> list[tuple[str, bool]]:
    """Verify facts on bound pages, as nearly all of a site's are, and the same facts one by one."""
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.audit import actions as trail
    from guildry.platform.audit import queries
    from guildry.platform.facts import actions

    for start in range(0, count, 5000):
        write(min(5000, count - start))
    while actions.seal_facts(SYSTEM):
        pass
    began = time.process_time()
    while trail.bind_pages(SYSTEM):
        pass
    binding = count / (time.process_time() - began)
    rates = []
    for _ in range(3):
        began, clock = time.perf_counter(), time.process_time()
        assert queries.verify_chain() == (count, None)
        rates.append((count / (time.perf_counter() - began), count / (time.process_time() - clock)))
    wall, core = map(max, zip(*rates, strict=True))
    text = f"verified {wall:,.0f} facts a second on {os.cpu_count()} processors, {core:,.0f} a second of CPU"
    is_held = max(wall, core) >= LEAST_A_SECOND
    return [(f"{text}, at least {LEAST_A_SECOND:,}; bound {binding:,.0f} a second of CPU", is_held)]


def sealing(writes: int, rounds: int) -> list[tuple[str, bool]]:
    """Write alone and with the sealer at work in turn, and look meanwhile at how long the oldest fact waits."""
    acts, waited = side_by_side(writes, rounds, act="Measured")
    facts, _ = side_by_side(writes, rounds, act="")
    return [
        (f"a privileged act {acts}, at most {MOST_ADDED:+.0%}", max(acts.added) <= MOST_ADDED),
        (f"an act waits {waited:.2f} s for its seal, at most {MOST_WAITING} s", waited <= MOST_WAITING),
        (f"a fact somebody waits for, which is sealed at once, {facts}; no goal", True),
    ]


@dataclass
class Added:
    """What sealing adds to the median and to the 95th percentile."""

    alone: tuple[float, float]
    together: tuple[float, float]

    @property
    def added(self) -> tuple[float, float]:
        return self.together[0] / self.alone[0] - 1, self.together[1] / self.alone[1] - 1

    def __str__(self) -> str:
        (p50, p95), (sealed_p50, sealed_p95) = self.alone, self.together
        return (
            f"takes {p50 * 1e6:.0f} us alone and {sealed_p50 * 1e6:.0f} us while facts are sealed, "
            f"{self.added[0]:+.0%}; p95 {p95 * 1e6:.0f} and {sealed_p95 * 1e6:.0f} us, {self.added[1]:+.0%}"
        )


def side_by_side(writes: int, rounds: int, *, act: str) -> tuple[Added, float]:
    from guildry.kernel.loops import Loop
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.facts import actions, queries

    alone: list[float] = []
    together: list[float] = []
    waited = 0.0
    for _ in range(rounds):
        alone += timed(writes, act)
        while actions.seal_facts(SYSTEM):
            pass
        sealer = Loop("sealer", lambda: bool(actions.seal_facts(SYSTEM)), every=0.5, topics=(actions.STORED,))
        watching = Watch(lambda: queries.unsealed_backlog()[1])
        sealer.start()
        watching.start()
        together += timed(writes, act)
        watching.stop()
        sealer.stop()
        waited = max(waited, watching.worst)
    return Added(spread(alone), spread(together)), waited


def spread(took: list[float]) -> tuple[float, float]:
    parts = quantiles(took, n=20)
    return parts[9], parts[18]


class Watch:
    """Samples something ten times a second and keeps the worst."""

    def __init__(self, sample: Callable[[], float]) -> None:
        self.worst, self._sample, self._done = 0.0, sample, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        from django.db import connections

        while not self._done.wait(0.1):
            self.worst = max(self.worst, self._sample())
        connections.close_all()


def timed(count: int, act: str) -> list[float]:
    """Write facts one by one with a pause after each; return the time each took."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        write(1, act)
        took.append(time.perf_counter() - began)
        time.sleep(0.002)
    return took


def write(count: int, act: str = "") -> None:
    from django.db import transaction

    from guildry.kernel import bus
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.audit.events import TrailExported

    with transaction.atomic():
        for number in range(count):
            kept = bus.Act(act, subject="audit") if act else None
            bus.publish(TrailExported(number, 1), actor=SYSTEM, act=kept)


if __name__ == "__main__":
    sys.exit(main())
