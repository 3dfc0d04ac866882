"""The `guildry seed` command."""

import argparse
import sys

from guildry.kernel.permissions import SYSTEM
from guildry.ops.seeds import actions, queries, rules


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        default="apply",
        choices=("apply", "verify"),
        help="apply: load the demo community once; verify: compare it with the ledger",
    )


def seed(chosen: argparse.Namespace) -> int:
    """Run one of the verbs and return the exit code."""
    return {"apply": _apply, "verify": _verify}[chosen.what](chosen)


def _apply(chosen: argparse.Namespace) -> int:
    loaded = actions.load_demo(SYSTEM)
    _say(f"Loaded: {', '.join(loaded)}." if loaded else "Everything was already loaded.")
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    states = queries.pack_states()
    for state in states:
        _say(f"{state.name:<16}{state.standing}")
    return 0 if all(state.standing == rules.Standing.LOADED for state in states) else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
