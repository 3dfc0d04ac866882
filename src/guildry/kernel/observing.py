"""What apps let be observed of themselves: probes, queues and figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Observation:
    """What a probe saw, in words, and the figure in it that is worth a curve."""

    detail: str
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class HealthCheck:
    """A probe sampled in the background: returns what it saw or raises; never called by a request.

    `kind` is component, datastore or system. What is `critical` decides whether the process is ready.
    """

    name: str
    probe: Callable[[], str | Observation]
    critical: bool = False
    every: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(milliseconds=400)
    kind: str = "component"


@dataclass(frozen=True)
class Depth:
    """How much work lies in a queue; `oldest_seconds` is the age of what is due and has waited longest."""

    waiting: int
    oldest_seconds: float
    running: int = 0
    retrying: int = 0
    dead: int = 0


@dataclass(frozen=True)
class Queue:
    """Work that waits for a worker; one that keeps anything waiting longer than `patience` is not healthy."""

    key: str
    label: str
    depth: Callable[[], Depth]
    patience: timedelta


@dataclass(frozen=True)
class Reading:
    """One value of a metric under its labels; a histogram has cumulative counts by upper bound, and `value` is its sum."""

    value: float
    labels: tuple[tuple[str, str], ...] = ()
    buckets: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True)
class Metric:
    """A figure for monitoring: `kind` is counter, gauge or histogram; `read` looks into memory only."""

    name: str
    help: str
    kind: str
    read: Callable[[], Iterable[Reading]]
