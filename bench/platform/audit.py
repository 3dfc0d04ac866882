"""`python -m bench.platform.audit`: how fast the chain is verified, and what sealing adds to a write."""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from statistics import median

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
        told = [verifying(asked.facts), *sealing(asked.writes, asked.rounds)]
    for text, is_held in told:
        sys.stdout.write(f"{text}: {'held' if is_held else 'MISSED'}\n")
    return 0 if all(is_held for _, is_held in told) else 1


def verifying(count: int) -> tuple[str, bool]:
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.facts import actions, queries

    for start in range(0, count, 5000):
        write(min(5000, count - start))
    while actions.seal_facts(SYSTEM):
        pass
    began = time.process_time()
    whole, finding = queries.verify_chain()
    rate = whole / (time.process_time() - began)
    assert (whole, finding) == (count, None)
    return f"verified {rate:,.0f} facts a second of CPU, at least {LEAST_A_SECOND:,}", rate >= LEAST_A_SECOND


def sealing(writes: int, rounds: int) -> list[tuple[str, bool]]:
    """Write alone and with the sealer at work in turn, and look meanwhile at how long the oldest fact waits."""
    from guildry.kernel.loops import Loop
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.facts import actions, queries

    alone, together, waits = [], [], []
    for _ in range(rounds):
        alone.append(timed(writes))
        while actions.seal_facts(SYSTEM):
            pass
        sealer = Loop("sealer", lambda: bool(actions.seal_facts(SYSTEM)), every=0.5, topics=(actions.STORED,))
        watching = Watch(lambda: queries.unsealed_backlog()[1])
        sealer.start()
        watching.start()
        together.append(timed(writes))
        watching.stop()
        sealer.stop()
        waits.append(watching.worst)
    added = median(together) / median(alone) - 1
    return [
        (
            f"a write takes {median(alone) * 1e6:.0f} us alone and {median(together) * 1e6:.0f} us while facts are "
            f"sealed, {added:+.0%}, at most {MOST_ADDED:+.0%}",
            added <= MOST_ADDED,
        ),
        (
            f"a fact waits {max(waits):.2f} s for its seal, at most {MOST_WAITING} s",
            max(waits) <= MOST_WAITING,
        ),
    ]


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


def timed(count: int) -> float:
    """Write privileged acts one by one with a pause after each; return the median time of one."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        write(1)
        took.append(time.perf_counter() - began)
        time.sleep(0.002)
    return median(took)


def write(count: int) -> None:
    from django.db import transaction

    from guildry.kernel import bus
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.audit.events import TrailExported

    with transaction.atomic():
        for number in range(count):
            act = bus.Act("Measured", subject="audit") if count == 1 else None
            bus.publish(TrailExported(number, 1), actor=SYSTEM, act=act)


if __name__ == "__main__":
    sys.exit(main())
