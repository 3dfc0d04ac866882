"""How this process stands, in one word and line by line."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from guildry.kernel.observing import Depth, Queue
from guildry.kernel.points import QUEUES
from guildry.platform.health.rules import Level, Stretch, stretches
from guildry.platform.health.sampler import SAMPLER, Change, Sample
from guildry.platform.lifecycle import queries as lifecycle

Probe = Callable[[], tuple[int, bytes]]

STARTED = frozenset({"ready", "degraded", "not ready", "draining"})
RUNNING = frozenset({"ready", "degraded", "not ready"})


def liveness() -> tuple[int, bytes]:
    """Pass until the process has failed for good; whoever asks restarts it then."""
    return _verdict("fail" if lifecycle.state() == "failed" else "pass")


def startup() -> tuple[int, bytes]:
    return _verdict("pass" if lifecycle.state() in STARTED else "fail")


def readiness() -> tuple[int, bytes]:
    """Pass while requests are welcome and every critical dependency answers; warn while another one does not."""
    return _verdict(overall().word)


def _verdict(status: str) -> tuple[int, bytes]:
    return (503 if status == "fail" else 200), msgspec.json.encode({"status": status})


PROBES: dict[str, Probe] = {"/healthz": liveness, "/startupz": startup, "/readyz": readiness}


def overall() -> Level:
    """Return how this process stands: the worst of its dependencies and components, and a failure unless it runs."""
    if lifecycle.state() not in RUNNING:
        return Level.FAIL
    missing = Level.WARN if lifecycle.missing() else Level.PASS
    return max((sample.level for sample in SAMPLER.current()), default=missing)


def outage() -> str:
    """Return the name of a critical store that does not answer; empty while all do, and once they do again."""
    if not SAMPLER.outage:
        return ""
    return next((sample.name for sample in SAMPLER.current() if sample.is_outage), "")


def samples() -> list[Sample]:
    """Return what every check saw last, the worst first."""
    return SAMPLER.current()


@dataclass(frozen=True)
class Line:
    """A dependency on the board: its sample and how the minutes of its last hour were."""

    sample: Sample
    stretches: list[Stretch]

    @property
    def bad_minutes(self) -> int:
        return sum(stretch.minutes for stretch in self.stretches if stretch.level is not Level.PASS)


def board() -> list[Line]:
    """Return every dependency of this process, the worst first."""
    return [Line(sample, stretches(SAMPLER.minutes_of(sample.name))) for sample in SAMPLER.current()]


@dataclass(frozen=True)
class QueueLine:
    """A queue with its depth as it was sampled last, if it was."""

    queue: Queue
    depth: Depth | None

    @property
    def is_late(self) -> bool:
        return self.depth is not None and self.depth.oldest_seconds > self.queue.patience.total_seconds()


def queues() -> list[QueueLine]:
    return [QueueLine(queue, SAMPLER.depths.get(queue.key)) for queue in QUEUES]


def changes() -> list[Change]:
    """Return which dependencies began to stand otherwise, the newest change first."""
    return list(reversed(SAMPLER.changes))


def history() -> list[lifecycle.Transition]:
    """Return the states of this process, the newest first."""
    return lifecycle.transitions()
