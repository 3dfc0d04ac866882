"""The verb `guildry workshop`: what a test lets happen from outside, and what it finds afterwards."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable

from tests.processes.workshop import actions, applying, cycles, queries, tasks


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


_ACTS: dict[str, Callable[[float], object]] = {
    "join": lambda _: actions.join_two(),
    "ring": lambda count: actions.ring_bells(int(count)),
    "give": lambda count: actions.give_out(int(count)),
    "long": lambda seconds: _silently(tasks.work_long.enqueue, seconds),
    "spoil": lambda _: _silently(tasks.spoil.enqueue, "open sesame"),
    "cycles": lambda count: cycles.turn(int(count)),
    "report": lambda _: queries.report(),
    "sweep": lambda _: applying.sweep(),
    "halt": lambda statement: applying.apply_haltingly(int(statement)),
    "hasten": lambda _: actions.hasten_a_post(),
    "stored": lambda _: applying.what_is_stored(),
}


def _silently(act: Callable[..., object], *arguments: object) -> None:
    act(*arguments)
