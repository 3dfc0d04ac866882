"""Killing a worker again and again while it works: every job is done in the end, and each has one effect."""

import os
import random
import signal
import sys
import time
from datetime import timedelta

from django.core.management import call_command
from django.db import connection, connections, transaction

from bench.jobs import tasks
from guildry.kernel.permissions import SYSTEM
from guildry.platform.jobs import actions
from guildry.platform.jobs.models import Job
from guildry.platform.jobs.worker import Worker

LEASE = timedelta(seconds=1)


def none_is_lost(jobs: int, kills: int) -> bool:
    """Kill a worker `kills` times at random moments, let a last one finish, and count."""
    prepare(jobs)
    dice, interrupted = random.Random(20), 0
    for _ in range(kills):
        child = start()
        time.sleep(dice.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        interrupted += Job.objects.filter(state=Job.State.RUNNING).exists()
        connections.close_all()
    child = start()
    while Job.objects.filter(state__in=[Job.State.READY, Job.State.RUNNING]).exists():
        time.sleep(0.2)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return report(jobs, kills, interrupted)


def prepare(jobs: int) -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_effect (number BIGINT PRIMARY KEY, times INTEGER)")
    for first in range(0, jobs, 500):
        with transaction.atomic():
            for number in range(first, min(first + 500, jobs)):
                tasks.effect.enqueue(number)
    connections.close_all()


def start() -> int:
    """Fork a worker that also recovers what earlier ones left; returns its process id."""
    connections.close_all()
    sys.stdout.flush()
    if child := os.fork():
        return child
    Worker(threads=1 if connection.vendor == "sqlite" else 4, lease=LEASE).start()
    while True:
        actions.recover_expired_jobs(SYSTEM)
        time.sleep(0.1)


def report(jobs: int, kills: int, interrupted: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), COALESCE(SUM(times), 0) FROM bench_effect")
        effects, runs = cursor.fetchone()
    done = Job.objects.filter(state=Job.State.DONE).count()
    sys.stdout.write(
        f"\n{connection.vendor}: {jobs} jobs, {kills} kills, {interrupted} of them with jobs in hand: "
        f"{done} done, {jobs - done} lost, {effects} effects, {runs - jobs} runs repeated\n"
    )
    return done == effects == jobs
