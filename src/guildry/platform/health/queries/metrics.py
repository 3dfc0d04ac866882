"""Figures for Prometheus, read from memory alone, and the tokens that may ask for them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from guildry.kernel import crypto
from guildry.kernel.observing import Metric, Reading
from guildry.kernel.points import METRICS
from guildry.platform.health.queries import documents, verdicts
from guildry.platform.health.rules import Level
from guildry.platform.health.sampler import SAMPLER

KINDS = {"counter": "CounterMetricFamily", "gauge": "GaugeMetricFamily", "histogram": "HistogramMetricFamily"}
READY = {Level.PASS: 1.0, Level.WARN: 0.5, Level.FAIL: 0.0}
DEPTH_FIGURES = {
    "waiting": "Work in a queue that waits.",
    "running": "Work of a queue that is being done.",
    "retrying": "Work in a queue that failed and will be tried again.",
    "dead": "Work of a queue that was given up.",
    "oldest_seconds": "How long the oldest due work in a queue has waited.",
}
TOKEN_FILES = ("metrics_token", "metrics_token.old")


def is_ops_token(given: str) -> bool:
    """Tell whether this is one of the tokens for monitoring; two are valid while one replaces the other."""
    paths = [settings.DATA_DIR / name for name in TOKEN_FILES]
    tokens = [path.read_text().strip() for path in paths if path.is_file()]
    return sum(crypto.matches(given, token) for token in tokens if token) > 0


def metrics() -> bytes:
    """Return all metrics of this process in the text format of Prometheus."""
    # Whoever is not watched need not wait for this at each start.
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    own: Any = _Collector()
    registry.register(own)
    return generate_latest(registry)


class _Collector:
    def collect(self) -> Iterable[Any]:
        for metric in (*METRICS, *_own()):
            yield _family(metric)


def _own() -> Iterable[Metric]:
    yield Metric(
        "guildry_info", "The release that runs.", "gauge", lambda: [_one(1, version=documents.release())]
    )
    yield Metric(
        "guildry_ready",
        "1 while ready, 0.5 while degraded.",
        "gauge",
        lambda: [_one(READY[verdicts.overall()])],
    )
    yield Metric("guildry_dependency_up", "1 while a dependency answers.", "gauge", _dependencies_up)
    yield Metric(
        "guildry_dependency_seconds",
        "What the last probe of a dependency took.",
        "gauge",
        _dependency_seconds,
    )
    for figure, words in DEPTH_FIGURES.items():
        yield Metric(f"guildry_queue_{figure}", words, "gauge", lambda figure=figure: _depths(figure))  # type: ignore[misc]


def _one(value: float, **labels: str) -> Reading:
    return Reading(value, tuple(labels.items()))


def _dependencies_up() -> list[Reading]:
    return [_one(float(sample.passes), dependency=sample.name) for sample in SAMPLER.current()]


def _dependency_seconds() -> list[Reading]:
    return [_one(sample.milliseconds / 1000, dependency=sample.name) for sample in SAMPLER.current()]


def _depths(figure: str) -> list[Reading]:
    return [_one(getattr(depth, figure), queue=key) for key, depth in sorted(SAMPLER.depths.items())]


def _family(metric: Metric) -> Any:
    from prometheus_client import core

    readings = list(metric.read())
    names = [name for name, _ in readings[0].labels] if readings else []
    family: Any = getattr(core, KINDS[metric.kind])(metric.name, metric.help, labels=names)
    for reading in readings:
        values = [value for _, value in reading.labels]
        if metric.kind == "histogram":
            buckets = [
                ("+Inf" if bound == float("inf") else str(bound), count) for bound, count in reading.buckets
            ]
            family.add_metric(values, buckets, reading.value)
        else:
            family.add_metric(values, reading.value)
    return family
