"""Who leads, what happened once, and how this process is doing."""

from collections.abc import Callable
from datetime import timedelta

from guildry.kernel import clock
from guildry.kernel.observing import HealthCheck, Reading
from guildry.kernel.safety import RunningCode
from guildry.platform.lifecycle.bridge import TRAFFIC
from guildry.platform.lifecycle.graph import PROCESS, Transition
from guildry.platform.lifecycle.models import Lease, Occasion, RunningProcess
from guildry.platform.lifecycle.rules import FORGOTTEN_AFTER, REFUSES_WORK, is_silent

PROBE_EVERY = timedelta(seconds=1)


def holder_of(name: str) -> str:
    """Return who holds a lease now, or an empty string."""
    row = Lease.objects.filter(name=name, expires_at__gt=clock.now()).first()
    return row.holder if row else ""


def leases_in_force() -> list[Lease]:
    """Return the leases that somebody holds now, by name."""
    return list(Lease.objects.filter(expires_at__gt=clock.now()).order_by("name"))


def has_happened(name: str) -> bool:
    return Occasion.objects.filter(name=name).exists()


def state() -> str:
    """Return the state of this process, one of `rules.State`."""
    return PROCESS.state


def wants_work() -> bool:
    """Say whether jobs may be begun here now."""
    return PROCESS.state not in REFUSES_WORK


def transitions() -> list[Transition]:
    """Return the last 200 changes of state, newest first."""
    return list(reversed(PROCESS.history))


def on_transition(hear: Callable[[Transition], None]) -> Callable[[], None]:
    """Have `hear` called, from any thread, with each change of state of this process; returns how to stop that."""
    PROCESS.listeners.append(hear)
    return lambda: PROCESS.listeners.remove(hear)


def missing() -> dict[str, str]:
    """Return the components this process does without, and why."""
    return dict(PROCESS.missing)


def component_checks() -> list[HealthCheck]:
    """Return the probes of the components that run here, as health checks to be sampled with the others."""
    return [
        HealthCheck(component.name, component.probe, critical=component.critical, every=PROBE_EVERY)
        for component in PROCESS.started
        if component.probe
    ]


def own_name() -> str:
    """Return the name this process signs leases and jobs with, unique over machines and restarts."""
    return PROCESS.name


def running_processes() -> list[RunningProcess]:
    """Return the processes of the last hour that did not say that they end, the longest running first."""
    rows = RunningProcess.objects.filter(seen_at__gt=clock.present() - FORGOTTEN_AFTER)
    return list(rows.order_by("started_at", "name"))


def is_heard_of(process: RunningProcess) -> bool:
    """Say whether a process was heard of a moment ago; one that was killed is not."""
    return not is_silent(process.seen_at, clock.present())


def roll_call() -> list[RunningCode]:
    """Return the processes that are alive, of every release, as changes of the schema ask for them."""
    return [
        RunningCode(process.name, process.release, process.started_at)
        for process in running_processes()
        if is_heard_of(process)
    ]


def generation() -> int:
    """Return which generation of its `guildry serve` this process is, the first being 1."""
    return PROCESS.generation


def requests_answered() -> list[Reading]:
    """Return how many requests this process answered and how fast, by area and class of status."""
    return list(TRAFFIC.readings())
