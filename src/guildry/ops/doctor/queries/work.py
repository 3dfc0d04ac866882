"""What waits or was given up, and leases of processes that are gone."""

import os
import socket
from collections.abc import Iterator

from guildry.ops.doctor.rules import Cause, Finding, Grade, good
from guildry.platform.facts import queries as facts_queries
from guildry.platform.jobs import queries as jobs_queries
from guildry.platform.lifecycle.queries import leases_in_force

PATIENCE = 300


def leases() -> Iterator[Finding]:
    """Find leases whose holder ran on this machine and is gone."""
    here = f"{socket.gethostname()[:40]}:"
    held = leases_in_force()
    gone = [lease for lease in held if lease.holder.startswith(here) and not _runs(lease.holder)]
    if not gone:
        yield good("leases", f"{len(held)} held, none by a process that is gone")
        return
    names = ", ".join(f"{lease.name} until {lease.expires_at:%H:%M:%S} UTC" for lease in gone)
    yield Finding(
        "leases", Grade.ADVICE, f"Processes that are gone still hold: {names}.",
        "Nobody else does that work until then. It is what a killed process leaves.", "Wait; they end by themselves.",
        "queue-backlog", Cause.DEPENDENCY,
    )  # fmt: skip


def _runs(holder: str) -> bool:
    number = holder.split(":")[1]
    return os.path.exists(f"/proc/{number}") if os.path.isdir("/proc/self") else True


def jobs() -> Iterator[Finding]:
    backlog = jobs_queries.backlog()
    if backlog.dead:
        yield Finding(
            "jobs", Grade.ADVICE, f"{backlog.dead} were given up.", "What they should have done was not done.",
            "guildry jobs list, then guildry jobs retry", "queue-backlog", Cause.DEPENDENCY,
        )  # fmt: skip
    if backlog.oldest_seconds > PATIENCE:
        yield Finding(
            "jobs", Grade.ADVICE, f"{backlog.ready} wait, the oldest for {backlog.oldest_seconds / 60:.0f} minutes.",
            "Mail and scheduled posts come late.", "Start a worker: guildry serve --role worker", "queue-backlog",
            Cause.DEPENDENCY,
        )  # fmt: skip
    if not backlog.dead and backlog.oldest_seconds <= PATIENCE:
        yield good("jobs", f"{backlog.ready} wait, {backlog.running} run, none was given up")


def facts() -> Iterator[Finding]:
    backlog = facts_queries.backlog()
    if backlog.dead:
        yield Finding(
            "facts", Grade.ADVICE, f"{backlog.dead} deliveries were given up.", "Somebody was not told something.",
            "guildry facts dead, then guildry facts retry", "queue-backlog", Cause.DEPENDENCY,
        )  # fmt: skip
    if backlog.oldest_seconds > PATIENCE:
        yield Finding(
            "facts", Grade.ADVICE,
            f"{backlog.unsealed + backlog.waiting} wait, the oldest for {backlog.oldest_seconds / 60:.0f} minutes.",
            "Notifications come late.", "Start the site, or a worker.", "queue-backlog", Cause.DEPENDENCY,
        )  # fmt: skip
    if not backlog.dead and backlog.oldest_seconds <= PATIENCE:
        yield good("facts", f"{backlog.unsealed + backlog.waiting} on their way, no delivery was given up")
