"""The verb `guildry facts`, and the depth of what waits."""

import argparse
import sys

from guildry.kernel.observing import Depth
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts import actions, queries


def facts_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["dead", "retry"], help="list given-up deliveries, or try them again")


def facts(arguments: argparse.Namespace) -> int:
    if arguments.what == "retry":
        sys.stdout.write(f"{actions.retry_dead_deliveries(SYSTEM)} deliveries will be tried again.\n")
        return 0
    for receipt in queries.dead_deliveries():
        sys.stdout.write(
            f"{receipt.fact.seq}\t{receipt.fact.name}\t{receipt.subscriber}\t"
            f"{receipt.attempts} attempts\t{receipt.error}\n"
        )
    return 0


def depth() -> Depth:
    """Return how many facts wait for their seal or for a subscriber."""
    backlog = queries.backlog()
    return Depth(
        backlog.unsealed + backlog.waiting,
        backlog.oldest_seconds,
        retrying=backlog.retrying,
        dead=backlog.dead,
    )
