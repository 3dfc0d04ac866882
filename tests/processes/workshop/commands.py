"""The verb `guildry workshop`: what a test lets happen from outside, and what it finds afterwards."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable

from django.db.models import Count

from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.jobs.models import Job
from tests.processes.workshop import actions, applying, cycles, tasks
from tests.processes.workshop.models import Effect, Mark


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=list(_ACTS))
    parser.add_argument("number", nargs="?", type=float, default=1)
    parser.add_argument("--die", action="store_true", help="be killed right after the last commit")


def workshop(arguments: argparse.Namespace) -> int:
    answer = _ACTS[arguments.what](arguments.number)
    if answer is not None:
        sys.stdout.write(f"\n{json.dumps(answer)}\n")
    if arguments.die:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0


def report() -> dict[str, object]:
    bells = StoredFact.objects.filter(name="workshop.BellRang")
    jobs = Job.objects.filter(task="tests.processes.workshop.tasks.work")
    return {
        "seqs": list(StoredFact.objects.order_by("seq").values_list("seq", flat=True)),
        "bells": bells.count(),
        "effects": list(Effect.objects.values_list("name", flat=True)),
        "waiting": Receipt.objects.exclude(state=Receipt.State.DELIVERED).count(),
        "jobs": dict(jobs.values_list("state").annotate(Count("id"))),
        "dead": list(Job.objects.filter(state=Job.State.DEAD).values_list("task", "attempts", "error")),
        "marks": dict(Mark.objects.values_list("name", "times")),
    }


_ACTS: dict[str, Callable[[float], object]] = {
    "join": lambda _: actions.join_two(),
    "ring": lambda count: actions.ring_bells(int(count)),
    "give": lambda count: actions.give_out(int(count)),
    "long": lambda seconds: _silently(tasks.work_long.enqueue, seconds),
    "spoil": lambda _: _silently(tasks.spoil.enqueue, "open sesame"),
    "cycles": lambda count: cycles.turn(int(count)),
    "report": lambda _: report(),
    "sweep": lambda _: applying.sweep(),
    "halt": lambda statement: applying.apply_haltingly(int(statement)),
    "stored": lambda _: applying.what_is_stored(),
}


def _silently(act: Callable[..., object], *arguments: object) -> None:
    act(*arguments)
