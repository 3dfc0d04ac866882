"""The verb `guildry jobs`, and the depth of the queue."""

import argparse
import sys

from guildry.kernel.observing import Depth
from guildry.kernel.permissions import SYSTEM
from guildry.platform.jobs import actions, queries


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list|retry")
    listing = verbs.add_parser("list", help="show the newest jobs in a state")
    listing.add_argument("--state", choices=["ready", "running", "done", "dead"], default="dead")
    listing.add_argument("--limit", type=int, default=50)
    retry = verbs.add_parser("retry", help="try given-up jobs again")
    retry.add_argument("ids", nargs="*", type=int, metavar="ID", help="these only; without any, all")


def jobs(arguments: argparse.Namespace) -> int:
    """List jobs in a state, one a line, or retry dead ones."""
    if arguments.what == "retry":
        revived = actions.retry_dead_jobs(SYSTEM, jobs=arguments.ids)
        sys.stdout.write(f"{revived} jobs will be tried again.\n")
        return 0
    for job in queries.jobs_in_state(arguments.state, arguments.limit):
        reason = job.error.splitlines()[0] if job.error else ""
        sys.stdout.write(f"{job.pk}\t{job.task}\t{job.state}\t{job.attempts} attempts\t{reason}\n")
    return 0


def depth() -> Depth:
    """Return how many jobs wait for a worker, and how many run, wait for another attempt or were given up."""
    backlog = queries.backlog()
    return Depth(
        backlog.ready, backlog.oldest_seconds, backlog.running, retrying=backlog.retrying, dead=backlog.dead
    )
