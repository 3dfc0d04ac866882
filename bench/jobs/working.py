"""The rates: jobs enqueued and worked off in a second, and the same statements without a product around them."""

import sys
import time
from collections.abc import Callable
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction

from bench.jobs import driver, tasks
from guildry.platform.jobs.models import Job
from guildry.platform.jobs.worker import Worker

TOGETHER = 100


def rates(name: str, jobs: int, rounds: int, target: int) -> bool:
    """Print jobs a second by the clock and by the CPU of this process; tells whether the worker reaches its target."""
    call_command("migrate", verbosity=0)
    steps: dict[str, Callable[[int], None]] = {
        "enqueued, each in its own transaction": enqueue_alone,
        f"enqueued, {TOGETHER} in a transaction": enqueue_together,
        "worked off by the worker": work_off,
        "worked off by a bare driver loop": driver.work_off,
    }
    took: dict[str, list[tuple[float, float]]] = {title: [] for title in steps}
    for number in range(rounds + 1):
        for title, step in steps.items():
            if step in (enqueue_alone, enqueue_together):
                Job.objects.all().delete()
            else:
                refill(jobs)
            measured = timed(step, jobs)
            # The first round only warms up.
            if number:
                took[title].append(measured)
    sys.stdout.write(f"\n{name}: {jobs} jobs, median of {rounds} rounds\n")
    for title, measured in took.items():
        wall, cpu = (median(times) for times in zip(*measured, strict=True))
        sys.stdout.write(f"  {title:<40} {jobs / wall:>9,.0f}/s {cpu / jobs * 1e6:>8,.0f} µs CPU each\n")
    (worker, loop) = (median(seconds for seconds, _ in took[title]) for title in list(steps)[2:])
    sys.stdout.write(f"  the worker needs {worker / loop:.1f} times as long as the loop\n")
    held = jobs / worker >= target
    sys.stdout.write(f"  target {target:,}/s: {'held' if held else 'MISSED'}\n")
    return held


def timed(step: Callable[[int], None], jobs: int) -> tuple[float, float]:
    """Return wall-clock and CPU seconds."""
    began, cpu = time.perf_counter(), time.process_time()
    step(jobs)
    return time.perf_counter() - began, time.process_time() - cpu


def refill(jobs: int) -> None:
    Job.objects.all().delete()
    enqueue_together(jobs)


def enqueue_alone(jobs: int) -> None:
    for number in range(jobs):
        tasks.nothing.enqueue(number)


def enqueue_together(jobs: int) -> None:
    for first in range(0, jobs, TOGETHER):
        with transaction.atomic():
            for number in range(first, min(first + TOGETHER, jobs)):
                tasks.nothing.enqueue(number)


def work_off(jobs: int) -> None:
    """Let a worker with the product's own number of threads do everything, records included."""
    worker = Worker(threads=1 if connection.vendor == "sqlite" else 4)
    worker.start()
    while Job.objects.exclude(state=Job.State.DONE).exists():
        time.sleep(0.02)
    worker.stop()
