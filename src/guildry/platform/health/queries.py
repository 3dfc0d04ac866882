"""Is this process alive, started, ready: answers that touch no dependency."""

from collections.abc import Callable

import msgspec

from guildry.platform.health.sampler import SAMPLER, Sample
from guildry.platform.lifecycle.queries import state

Probe = Callable[[], tuple[int, bytes]]

STARTED = frozenset({"ready", "draining"})


def liveness() -> tuple[int, bytes]:
    """Pass until the process has failed for good; whoever asks restarts it then."""
    return _verdict(state() != "failed")


def startup() -> tuple[int, bytes]:
    return _verdict(state() in STARTED)


def readiness() -> tuple[int, bytes]:
    """Pass while requests are welcome and every critical dependency answers."""
    return _verdict(state() == "ready" and all(s.passes for s in SAMPLER.current() if s.critical))


def samples() -> list[Sample]:
    """Return what every check saw last, failed ones first."""
    return SAMPLER.current()


PROBES: dict[str, Probe] = {"/healthz": liveness, "/startupz": startup, "/readyz": readiness}


def _verdict(passes: bool) -> tuple[int, bytes]:
    return (200 if passes else 503), msgspec.json.encode({"status": "pass" if passes else "fail"})
