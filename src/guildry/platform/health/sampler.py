"""The sampler: probes dependencies in the background, so that no request ever waits for one."""

import threading
import time
from dataclasses import dataclass

from django.db import close_old_connections, connections

from guildry.kernel.points import HEALTH_CHECKS, HealthCheck


@dataclass(frozen=True)
class Sample:
    """What a check saw last: `detail` is its observation, or what went wrong."""

    name: str
    critical: bool
    passes: bool
    detail: str
    at: float


class Sampler:
    """One thread a check; a probe that does not return in its time counts as failed until it does."""

    def __init__(self) -> None:
        self.samples: dict[str, Sample] = {}
        self._began: dict[str, float] = {}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._stopping.clear()
        self.samples.clear()
        self._threads = [
            threading.Thread(target=self._watch, args=(check,), name=f"health {check.name}", daemon=True)
            for check in HEALTH_CHECKS
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def current(self) -> list[Sample]:
        """Return the last sample of every check, failed ones first; a check that hangs has failed."""
        now = time.monotonic()
        samples = [self._sample_of(check, now) for check in HEALTH_CHECKS]
        return sorted(samples, key=lambda sample: (sample.passes, not sample.critical, sample.name))

    def _sample_of(self, check: HealthCheck, now: float) -> Sample:
        began = self._began.get(check.name)
        if began is not None and now - began > check.timeout.total_seconds():
            return Sample(check.name, check.critical, False, f"no answer for {now - began:.1f} s", now)
        return self.samples.get(check.name) or Sample(
            check.name, check.critical, False, "not sampled yet", now
        )

    def _watch(self, check: HealthCheck) -> None:
        while not self._stopping.is_set():
            self._began[check.name] = time.monotonic()
            self.samples[check.name] = take(check)
            self._began.pop(check.name)
            self._stopping.wait(check.every.total_seconds())
        connections.close_all()


def take(check: HealthCheck) -> Sample:
    """Probe once, in this thread."""
    close_old_connections()
    try:
        return Sample(check.name, check.critical, True, check.probe(), time.monotonic())
    except Exception as error:
        return Sample(check.name, check.critical, False, f"{type(error).__name__}: {error}", time.monotonic())


SAMPLER = Sampler()
