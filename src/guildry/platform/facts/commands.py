"""The verbs `guildry audit` and `guildry facts`, and the depth of what waits."""

import argparse
import sys

from guildry.kernel.observing import Depth
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts import actions, queries

VERIFY_FAILED = 73


def audit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify"], help="read every fact and check the chain")


def audit(arguments: argparse.Namespace) -> int:
    """Print how many facts are whole, or the first that is not and what happened to it."""
    whole, finding = queries.verify_chain()
    if finding:
        sys.stdout.write(f"Damage found: {finding}. The {whole} facts before it are as they were sealed.\n")
        return VERIFY_FAILED
    waiting = queries.backlog().unsealed
    sys.stdout.write(f"All {whole} sealed facts are as they were sealed; {waiting} wait for their seal.\n")
    return 0


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
