"""Is this process alive, started, ready: answers that touch no dependency."""

from collections.abc import Callable

import msgspec

from guildry.platform.health.sampler import SAMPLER, Sample
from guildry.platform.lifecycle.queries import state

Probe = Callable[[], tuple[int, bytes]]

STARTED = frozenset({"ready", "degraded", "not ready", "draining"})
WELCOMING = STARTED - {"draining"}


def liveness() -> tuple[int, bytes]:
    """Pass until the process has failed for good; whoever asks restarts it then."""
    return _verdict("fail" if state() == "failed" else "pass")


def startup() -> tuple[int, bytes]:
    return _verdict("pass" if state() in STARTED else "fail")


def readiness() -> tuple[int, bytes]:
    """Pass while requests are welcome and every critical dependency answers; warn while another one does not."""
    failed = [sample for sample in SAMPLER.current() if not sample.passes]
    if state() not in WELCOMING or any(sample.critical for sample in failed):
        return _verdict("fail")
    return _verdict("warn" if failed else "pass")


def samples() -> list[Sample]:
    """Return what every check saw last, failed ones first."""
    return SAMPLER.current()


PROBES: dict[str, Probe] = {"/healthz": liveness, "/startupz": startup, "/readyz": readiness}


def _verdict(status: str) -> tuple[int, bytes]:
    return (503 if status == "fail" else 200), msgspec.json.encode({"status": status})
