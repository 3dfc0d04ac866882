"""The sampler: probes dependencies in the background, so that no request ever waits for one."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import close_old_connections, connections

from guildry.kernel import clock, loops
from guildry.kernel.observing import Depth, HealthCheck, Observation, Queue
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import HEALTH_CHECKS, QUEUES
from guildry.platform.health.rules import Level, Standing, after_sample, level_of
from guildry.platform.lifecycle import queries as lifecycle
from guildry.platform.lifecycle.actions import weigh_health

log = structlog.get_logger("guildry.health")
JUDGE_EVERY = 0.1
# What is probed often is probed more often still while it is in doubt, so that it is soon known how it stands.
OFTEN, SOON = timedelta(seconds=1), 0.15
MINUTES_KEPT = 60
STATES = {Level.PASS: "ready", Level.WARN: "degraded", Level.FAIL: "not ready"}


@dataclass(frozen=True)
class Sample:
    """What a check saw last: `detail` is its observation, or what went wrong; `since` is when it began to stand so."""

    name: str
    critical: bool
    passes: bool
    detail: str
    at: datetime
    since: datetime
    kind: str = "component"
    value: float | None = None
    unit: str = ""
    milliseconds: float = 0.0
    is_new: bool = False

    @property
    def level(self) -> Level:
        return level_of(passes=self.passes, critical=self.critical)

    @property
    def is_outage(self) -> bool:
        return not self.is_new and self.level is Level.FAIL and self.kind == "datastore"


@dataclass(frozen=True)
class Change:
    """A dependency that began to stand otherwise."""

    name: str
    level: Level
    detail: str
    at: datetime


class Sampler:
    """One thread a check; a probe that does not return in its time counts as failed until it does.

    One more thread judges ten times a second: it keeps what changed and how each minute was. `outage` names the
    critical store that did not answer when somebody looked last.
    """

    def __init__(self) -> None:
        self.samples: dict[str, Sample] = {}
        self.depths: dict[str, Depth] = {}
        self.changes: deque[Change] = deque(maxlen=200)
        self.outage = ""
        self._began: dict[str, float] = {}
        self._standing: dict[str, Standing] = {}
        self._judged: dict[str, tuple[Level, datetime]] = {}
        self._minutes: dict[str, deque[tuple[datetime, Level]]] = {}
        self._wakes: dict[str, threading.Event] = {}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._stopping.clear()
        for kept in (self.samples, self.depths, self._standing, self._judged, self._began, self._wakes):
            kept.clear()
        self._threads = [threading.Thread(target=self._judge, name="health", daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        self._stopping.set()
        self._threads[0].join()
        self.outage = ""
        for wake in self._wakes.values():
            wake.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def look_again(self, name: str) -> None:
        """Have a check probe at once, because something it watches has just failed somebody."""
        if wake := self._wakes.get(name):
            wake.set()

    def current(self) -> list[Sample]:
        """Return the last sample of every check, the worst first; a check that hangs has failed, and is an outage."""
        now = time.monotonic()
        samples = [self._sample_of(check, now) for check in self._checks()]
        self.outage = next((sample.name for sample in samples if sample.is_outage), "")
        return sorted(samples, key=lambda sample: (-sample.level, sample.name))

    def minutes_of(self, name: str) -> list[Level | None]:
        """Return how the last sixty minutes of a check were, the oldest first; None where nothing was seen."""
        seen = dict(self._minutes.get(name, ()))
        newest = _minute(clock.present())
        return [seen.get(newest - timedelta(minutes=back)) for back in range(MINUTES_KEPT - 1, -1, -1)]

    def _checks(self) -> Iterator[HealthCheck]:
        yield from HEALTH_CHECKS
        yield from lifecycle.component_checks()
        for queue in QUEUES:
            yield HealthCheck(
                f"queue {queue.key}",
                lambda queue=queue: self._depth_of(queue),  # type: ignore[misc]
                every=timedelta(seconds=1),
                timeout=timedelta(seconds=2),
            )

    def _depth_of(self, queue: Queue) -> Observation:
        depth = self.depths[queue.key] = queue.depth()
        words = f"{depth.waiting} waiting, {depth.running} running, {depth.retrying} to be tried again, {depth.dead} given up"
        if depth.oldest_seconds > queue.patience.total_seconds():
            raise RuntimeError(f"{words}; the oldest waits {depth.oldest_seconds:.0f} s")
        return Observation(words, depth.waiting, queue.key)

    def _sample_of(self, check: HealthCheck, now: float) -> Sample:
        began, moment = self._began.get(check.name), clock.present()
        known = self.samples.get(check.name)
        if began is not None and now - began > check.timeout.total_seconds():
            since = (
                known.since
                if known and not known.passes
                else moment - timedelta(seconds=max(0.0, now - began))
            )
            detail = f"no answer for {now - began:.1f} s"
            return Sample(check.name, check.critical, False, detail, moment, since, check.kind)
        return known or Sample(
            check.name, check.critical, False, "not sampled yet", moment, moment, check.kind, is_new=True
        )

    def _watch(self, check: HealthCheck) -> None:
        wake = self._wakes[check.name]
        while not self._stopping.is_set():
            wake.clear()
            self._began[check.name] = time.monotonic()
            self._note(take(check))
            self._began.pop(check.name)
            wake.wait(self._pause_after(check))
        connections.close_all()

    def _pause_after(self, check: HealthCheck) -> float:
        standing, usual = self._standing[check.name], check.every.total_seconds()
        return min(SOON, usual) if standing.is_in_doubt and check.every <= OFTEN else usual

    def _note(self, sample: Sample) -> None:
        """Keep a sample; what it says counts only once enough of them in a row say it."""
        before, stood = self.samples.get(sample.name), self._standing.get(sample.name)
        standing = after_sample(stood, passes=sample.passes, critical=sample.critical)
        # Work that failed with a store waits longer and longer, and need not once the store answers again.
        if sample.passes and stood and stood.is_in_doubt and (sample.critical or sample.kind != "component"):
            loops.try_again()
        self._standing[sample.name] = standing
        stays = before is not None and before.passes == standing.passes
        since = before.since if before and stays else sample.at
        if standing.passes != sample.passes:
            sample = replace(sample, passes=standing.passes, detail=f"{sample.detail} (once so far)")
        self.samples[sample.name] = replace(sample, since=since)

    def _judge(self) -> None:
        while not self._stopping.is_set():
            # Components that start after the sampler bring their probes with them.
            for check in self._checks():
                if check.name not in self._wakes:
                    self._begin(check)
            seen = [sample for sample in self.current() if not sample.is_new]
            for sample in seen:
                self._keep(sample)
            _weigh(seen)
            self._stopping.wait(JUDGE_EVERY)

    def _begin(self, check: HealthCheck) -> None:
        self._wakes[check.name] = threading.Event()
        thread = threading.Thread(target=self._watch, args=(check,), name=f"health {check.name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep(self, sample: Sample) -> None:
        minutes = self._minutes.setdefault(sample.name, deque(maxlen=MINUTES_KEPT))
        minute = _minute(sample.at)
        if minutes and minutes[-1][0] == minute:
            minutes[-1] = (minute, max(minutes[-1][1], sample.level))
        else:
            minutes.append((minute, sample.level))
        known = self._judged.get(sample.name)
        if known and known[0] == sample.level:
            return
        self._judged[sample.name] = (sample.level, sample.at)
        if known or sample.level is not Level.PASS:
            self.changes.append(Change(sample.name, sample.level, sample.detail, sample.at))
            level = log.info if sample.passes else log.warning
            level("dependency changed", dependency=sample.name, status=sample.level.word, seen=sample.detail)


def _weigh(samples: list[Sample]) -> None:
    """Tell the process how it stands by what was sampled."""
    level = max((sample.level for sample in samples), default=Level.PASS)
    reason = ", ".join(sample.name for sample in samples if sample.level is level is not Level.PASS)
    weigh_health(SYSTEM, state=STATES[level], reason=reason)


def take(check: HealthCheck) -> Sample:
    """Probe once, in this thread."""
    close_old_connections()
    began = time.perf_counter()
    try:
        seen = check.probe()
        seen, passes = seen if isinstance(seen, Observation) else Observation(seen), True
    except Exception as error:
        # What probes of our own say is a sentence already.
        kind = "" if type(error) is RuntimeError else f"{type(error).__name__}: "
        seen, passes = Observation(f"{kind}{error}"), False
    took, now = (time.perf_counter() - began) * 1000, clock.present()
    return Sample(
        check.name, check.critical, passes, seen.detail, now, now, check.kind, seen.value, seen.unit, took
    )


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


SAMPLER = Sampler()
