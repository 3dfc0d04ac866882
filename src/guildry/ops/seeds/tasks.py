"""The `guildry seed` command."""

import argparse
import sys

from django_tasks import task

from guildry.kernel.permissions import SYSTEM
from guildry.ops.seeds import actions, queries, rules

PORTION = 1.0


@task()
def continue_demo() -> None:
    """Load another portion of the demo community, short enough for a worker that is told to stop."""
    if actions.continue_demo(SYSTEM, seconds=PORTION):
        continue_demo.enqueue()


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        default="apply",
        choices=("apply", "open", "verify"),
        help="apply: load the demo community once; open: load what visitors see first and leave the rest to a job; "
        "verify: compare it with the ledger",
    )


def seed(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    return {"apply": _apply, "open": _open, "verify": _verify}[chosen.what](chosen)


def _apply(chosen: argparse.Namespace) -> int:
    loaded = actions.load_demo(SYSTEM)
    _say_loaded(loaded)
    return 0


def _open(chosen: argparse.Namespace) -> int:
    loaded = actions.open_demo(SYSTEM)
    continue_demo.enqueue()
    _say_loaded(loaded)
    _say("Older threads and the rest of the network follow in the background.")
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    states = queries.pack_states()
    for state in states:
        _say(f"{state.name:<16}{state.standing}")
    return 0 if all(state.standing == rules.Standing.LOADED for state in states) else 1


def _say_loaded(loaded: list[str]) -> None:
    _say(f"Loaded: {', '.join(loaded)}." if loaded else "Everything was already loaded.")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
