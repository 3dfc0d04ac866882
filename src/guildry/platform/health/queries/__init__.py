"""Is this process alive, started, ready, and what of it does not work: answers that touch no dependency."""

from guildry.platform.health.queries.cluster import ProcessLine, processes
from guildry.platform.health.queries.documents import (
    dependencies,
    document,
    queue_document,
    transition_document,
)
from guildry.platform.health.queries.metrics import is_ops_token, metrics
from guildry.platform.health.queries.verdicts import (
    PROBES,
    Line,
    Probe,
    QueueLine,
    board,
    changes,
    history,
    liveness,
    outage,
    overall,
    queues,
    readiness,
    samples,
    startup,
)

__all__ = [
    "PROBES",
    "Line",
    "Probe",
    "ProcessLine",
    "QueueLine",
    "board",
    "changes",
    "dependencies",
    "document",
    "history",
    "is_ops_token",
    "liveness",
    "metrics",
    "outage",
    "overall",
    "processes",
    "queue_document",
    "queues",
    "readiness",
    "samples",
    "startup",
    "transition_document",
]
