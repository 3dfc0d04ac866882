"""The verb `guildry workshop`: what a test lets happen from outside, and what it finds afterwards."""

import argparse
import json
import os
import signal
import sys

from django.db.models import Count

from guildry.platform.facts.models import Receipt, StoredFact
from guildry.platform.jobs.models import Job
from tests.processes.workshop import actions, cycles, tasks
from tests.processes.workshop.models import Effect, Mark


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["join", "ring", "give", "long", "spoil", "report", "cycles"])
    parser.add_argument("number", nargs="?", type=float, default=1)
    parser.add_argument("--die", action="store_true", help="be killed right after the last commit")


def workshop(arguments: argparse.Namespace) -> int:
    count = int(arguments.number)
    {
        "join": actions.join_two,
        "ring": lambda: actions.ring_bells(count),
        "give": lambda: actions.give_out(count),
        "long": lambda: tasks.work_long.enqueue(arguments.number),
        "spoil": lambda: tasks.spoil.enqueue("open sesame"),
        "cycles": lambda: sys.stdout.write("\n" + json.dumps(cycles.turn(count))),
        "report": lambda: sys.stdout.write(json.dumps(report())),
    }[arguments.what]()
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
