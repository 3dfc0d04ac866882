"""Is this process alive, started, ready, and what of it does not work: answers that touch no dependency."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from guildry import __version__
from guildry.kernel import clock, crypto, ids
from guildry.kernel.points import METRICS, QUEUES, Depth, Metric, Queue
from guildry.platform.health.rules import Level, page_of
from guildry.platform.health.sampler import SAMPLER, Change, Sample
from guildry.platform.lifecycle.queries import Transition, own_name, state, transitions

Probe = Callable[[], tuple[int, bytes]]

STARTED = frozenset({"ready", "degraded", "not ready", "draining"})
SERVING = frozenset({"ready", "degraded"})
SNAPSHOT_SECONDS = 60.0
MOST_SNAPSHOTS = 50


def liveness() -> tuple[int, bytes]:
    """Pass until the process has failed for good; whoever asks restarts it then."""
    return _verdict("fail" if state() == "failed" else "pass")


def startup() -> tuple[int, bytes]:
    return _verdict("pass" if state() in STARTED else "fail")


def readiness() -> tuple[int, bytes]:
    """Pass while requests are welcome and every critical dependency answers; warn while another one does not."""
    return _verdict(overall().word)


def overall() -> Level:
    """Return how this process stands: the worst of its dependencies, and a failure outside its serving states."""
    if state() not in SERVING:
        return Level.FAIL
    return max((sample.level for sample in SAMPLER.current()), default=Level.PASS)


def samples() -> list[Sample]:
    """Return what every check saw last, the worst first."""
    return SAMPLER.current()


PROBES: dict[str, Probe] = {"/healthz": liveness, "/startupz": startup, "/readyz": readiness}


def _verdict(status: str) -> tuple[int, bytes]:
    return (503 if status == "fail" else 200), msgspec.json.encode({"status": status})


@dataclass(frozen=True)
class Line:
    """A dependency on the board: its sample and how its last hour was, a minute each."""

    sample: Sample
    minutes: list[Level | None]


@dataclass(frozen=True)
class QueueLine:
    queue: Queue
    depth: Depth | None

    @property
    def is_late(self) -> bool:
        return self.depth is not None and self.depth.oldest_seconds > self.queue.patience.total_seconds()


def board() -> list[Line]:
    """Return every dependency of this process, the worst first."""
    return [Line(sample, SAMPLER.minutes_of(sample.name)) for sample in SAMPLER.current()]


def queues() -> list[QueueLine]:
    """Return every queue with its depth as it was sampled last."""
    return [QueueLine(queue, SAMPLER.depths.get(queue.key)) for queue in QUEUES]


def changes() -> list[Change]:
    """Return what began to stand otherwise, the newest first."""
    return list(reversed(SAMPLER.changes))


def history() -> list[Transition]:
    """Return the states of this process, the newest first."""
    return list(reversed(transitions()))


def document() -> dict[str, Any]:
    """Return the health of this process as health+json (draft-inadarei-api-health-check)."""
    found = SAMPLER.current()
    past = transitions()
    return {
        "status": overall().word,
        "version": "1",
        "releaseId": __version__,
        "serviceId": own_name(),
        "notes": [f"{sample.name}: {sample.detail}" for sample in found if not sample.passes],
        "checks": {_component_of(sample): [entry_of(sample)] for sample in found},
        "lifecycle": {
            "state": state(),
            "since": past[-1].at if past else None,
            "transitions": "/ops/health/transitions",
        },
        "links": {"dependencies": "/ops/health/dependencies?limit=20", "queues": "/ops/queues"},
    }


def _component_of(sample: Sample) -> str:
    area, _, rest = sample.name.partition(" ")
    return f"{area}:{rest or 'answer'}"


def entry_of(sample: Sample) -> dict[str, Any]:
    """Return one dependency as health+json writes it."""
    entry: dict[str, Any] = {
        "componentId": sample.name,
        "componentType": sample.kind,
        "status": sample.level.word,
        "critical": sample.critical,
        "time": sample.at,
        "since": sample.since,
        "milliseconds": round(sample.milliseconds, 2),
        "output": sample.detail,
    }
    if sample.value is not None:
        entry |= {"observedValue": sample.value, "observedUnit": sample.unit}
    return entry


class Snapshots:
    """Lists as they were when their first page was asked for, so that paging shows each row once."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, list[Sample]]] = {}

    def keep(self, rows: list[Sample]) -> str:
        now = time.monotonic()
        kept = [(key, value) for key, value in self._kept.items() if now - value[0] < SNAPSHOT_SECONDS]
        self._kept = dict(kept[-MOST_SNAPSHOTS + 1 :])
        key = ids.uuid7().hex
        self._kept[key] = (now, rows)
        return key

    def get(self, key: str) -> list[Sample] | None:
        at, rows = self._kept.get(key, (-SNAPSHOT_SECONDS, []))
        return rows if time.monotonic() - at < SNAPSHOT_SECONDS else None


_snapshots = Snapshots()


def dependencies(
    *, status: str = "", kind: str = "", limit: int = 20, cursor: str = ""
) -> dict[str, Any] | None:
    """Return a page of dependencies, the worst first, or None when the cursor is not known any more.

    Every page of one listing shows the moment of its first, so each dependency comes once whatever flaps.
    """
    key, _, start = cursor.partition(".")
    if cursor:
        rows = _snapshots.get(key)
        if rows is None or not start.isdecimal():
            return None
    else:
        rows = [
            sample
            for sample in SAMPLER.current()
            if status in ("", sample.level.word) and kind in ("", sample.kind)
        ]
        key = _snapshots.keep(rows)
    page = page_of(rows, int(start or 0), limit)
    following = f"{key}.{page.next}" if page.next is not None else None
    return {"dependencies": [entry_of(sample) for sample in page.rows], "next": following}


def queue_document() -> dict[str, Any]:
    """Return the depth of every queue, with the patience it is measured by."""
    lines = queues()
    return {
        "queues": [
            {
                "queue": line.queue.key,
                "status": "warn" if line.is_late else "pass" if line.depth else "unknown",
                "patience_seconds": line.queue.patience.total_seconds(),
                **(msgspec.structs.asdict(line.depth) if isinstance(line.depth, msgspec.Struct) else _depth(line.depth)),
            }
            for line in lines
        ]
    }


def _depth(depth: Depth | None) -> dict[str, Any]:
    return {} if depth is None else dict(vars(depth))


def is_ops_token(given: str) -> bool:
    """Tell whether this is one of the tokens for monitoring; two are valid while one replaces the other."""
    return any([crypto.matches(given, token) for token in ops_tokens()])


def ops_tokens() -> list[str]:
    """Return the tokens for monitoring, the newest first: those of the data folder."""
    found = []
    for name in ("metrics_token", "metrics_token.old"):
        path = settings.DATA_DIR / name
        if path.is_file() and (text := path.read_text().strip()):
            found.append(text)
    return found


class _Collector:
    """Gives Prometheus every registered metric and what the sampler knows, from memory alone."""

    def collect(self) -> Iterable[Any]:
        for metric in METRICS:
            yield _family_of(metric)
        yield from _own_metrics()


def metrics() -> bytes:
    """Return all metrics of this process in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Collector())  # type: ignore[arg-type]
    return generate_latest(registry)


def _family_of(metric: Metric) -> Any:
    kinds = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily, "histogram": HistogramMetricFamily}
    readings = list(metric.read())
    names = [name for name, _ in readings[0].labels] if readings else []
    family = kinds[metric.kind](metric.name, metric.help, labels=names)
    for reading in readings:
        values = [value for _, value in reading.labels]
        if metric.kind == "histogram":
            buckets = [("+Inf" if bound == float("inf") else str(bound), count) for bound, count in reading.buckets]
            family.add_metric(values, buckets, reading.value)  # type: ignore[call-arg]
        else:
            family.add_metric(values, reading.value)  # type: ignore[call-arg]
    return family


def _own_metrics() -> Iterable[Any]:
    up = GaugeMetricFamily("guildry_dependency_up", "1 while a dependency answers.", labels=["dependency"])
    took = GaugeMetricFamily(
        "guildry_dependency_seconds", "What the last probe of a dependency took.", labels=["dependency"]
    )
    for sample in SAMPLER.current():
        up.add_metric([sample.name], float(sample.passes))
        took.add_metric([sample.name], sample.milliseconds / 1000)
    yield from (up, took)
    figures = ("waiting", "running", "retrying", "dead", "oldest_seconds")
    for figure in figures:
        family = GaugeMetricFamily(f"guildry_queue_{figure}", f"Of a queue: {figure}.", labels=["queue"])
        for key, depth in SAMPLER.depths.items():
            family.add_metric([key], float(getattr(depth, figure)))
        yield family
    ready = GaugeMetricFamily("guildry_ready", "1 while this process is ready, 0.5 while degraded.")
    ready.add_metric([], {Level.PASS: 1.0, Level.WARN: 0.5, Level.FAIL: 0.0}[overall()])
    build = GaugeMetricFamily("guildry_info", "Which release runs.", labels=["version"])
    build.add_metric([__version__], 1.0)
    yield from (ready, build, *_process_metrics())


def _process_metrics() -> Iterable[Any]:
    spent = os.times()
    cpu = CounterMetricFamily("process_cpu_seconds", "CPU time this process has used.")
    cpu.add_metric([], spent.user + spent.system)
    began = GaugeMetricFamily("process_start_time_seconds", "When this process was made.")
    began.add_metric([], transitions()[0].at.timestamp())
    yield from (cpu, began)
    try:
        with open("/proc/self/statm") as memory:
            pages = int(memory.read().split()[1])
        descriptors = len(os.listdir("/proc/self/fd"))
    except OSError:
        return
    resident = GaugeMetricFamily("process_resident_memory_bytes", "Memory this process holds.")
    resident.add_metric([], float(pages * os.sysconf("SC_PAGE_SIZE")))
    open_files = GaugeMetricFamily("process_open_fds", "Descriptors this process has open.")
    open_files.add_metric([], float(descriptors))
    yield from (resident, open_files)


def uptime(moment: datetime | None = None) -> float:
    """Return for how many seconds this process has run."""
    return ((moment or clock.present()) - transitions()[0].at).total_seconds()
