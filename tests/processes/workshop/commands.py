"""The verb `guildry workshop`: what a test lets happen from outside, and what it finds afterwards."""

import argparse
import json
import os
import signal
import sys

from tests.processes.workshop import actions, cycles, queries, tasks


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
        "report": lambda: sys.stdout.write(json.dumps(queries.report())),
    }[arguments.what]()
    if arguments.die:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0
