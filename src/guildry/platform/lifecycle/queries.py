"""Who leads, what happened once, and how this process is doing."""

from guildry.kernel import clock
from guildry.platform.lifecycle.graph import PROCESS
from guildry.platform.lifecycle.models import Lease, Occasion


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
    """Return the state of this process: new, starting, ready, draining, stopped or failed."""
    return PROCESS.state


def own_name() -> str:
    """Return the name this process signs leases and jobs with, unique over machines and restarts."""
    return PROCESS.name
