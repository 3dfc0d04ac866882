"""Leading and once-only work, agreed through the database, and orders that somebody gave at the machine."""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from guildry.kernel import bus, clock
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.lifecycle.events import DrainOrdered, RestartOrdered
from guildry.platform.lifecycle.graph import PROCESS
from guildry.platform.lifecycle.models import Lease, Occasion, RunningProcess
from guildry.platform.lifecycle.rules import FORGOTTEN_AFTER, STARTED, State, role_of

ORDERS = {"restart": RestartOrdered, "drain": DrainOrdered}


def hold_lease(actor: Actor, *, name: str, holder: str, seconds: float) -> bool:
    """Take or extend a lease; returns False while somebody else holds it.

    A lease saves work, it does not guard rows: a paused holder may wake up after another took over, so what must
    happen once also locks the row it changes.
    """
    now = clock.now()
    expires_at = now + timedelta(seconds=seconds)
    mine_or_expired = Q(holder=holder) | Q(expires_at__lte=now)
    with transaction.atomic():
        if Lease.objects.filter(mine_or_expired, name=name).update(holder=holder, expires_at=expires_at):
            return True
        Lease.objects.bulk_create(
            [Lease(name=name, holder=holder, expires_at=expires_at)], ignore_conflicts=True
        )
        return Lease.objects.filter(name=name, holder=holder).exists()


def release_lease(actor: Actor, *, name: str, holder: str) -> None:
    """Let the next process lead at once."""
    Lease.objects.filter(name=name, holder=holder).delete()


def mark_occasion(actor: Actor, *, name: str) -> None:
    """Remember that something happened in this installation, so that it is not done again."""
    Occasion.objects.bulk_create([Occasion(name=name, happened_at=clock.now())], ignore_conflicts=True)


def note_presence(actor: Actor, *, release: str) -> bool:
    """Have everybody see that this process runs and how; returns False for one that is no site."""
    if PROCESS.state not in STARTED:
        return False
    now, last = clock.present(), PROCESS.history[-1]
    row = {"state": last.state, "reason": last.reason[:300], "seen_at": now}
    if not RunningProcess.objects.filter(name=PROCESS.name).update(**row):
        RunningProcess.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
        fixed = {"role": role_of(PROCESS.roles), "release": release[:40], "generation": PROCESS.generation}
        mine = RunningProcess(name=PROCESS.name, started_at=PROCESS.began_at, **fixed, **row)
        RunningProcess.objects.bulk_create([mine], ignore_conflicts=True)
    return True


def end_presence(actor: Actor) -> None:
    """Take this process off the list of those that run."""
    RunningProcess.objects.filter(name=PROCESS.name).delete()


def record_order(actor: Actor, *, order: str, process_id: int, generation: int, reason: str) -> None:
    """Have in the trail that a process was told to "restart" or "drain"; telling it is for the caller."""
    after = {"generation": generation + 1 if order == "restart" else None}
    act = bus.Act(reason, before={"generation": generation}, after=after)
    with transaction.atomic():
        bus.publish(ORDERS[order](process_id, generation), actor=actor, act=act)


def weigh_health(actor: Actor, *, state: str, reason: str = "") -> bool:
    """Move a running process between READY, DEGRADED and NOT_READY; returns whether it changed.

    Calls while it starts, drains or has stopped change nothing.
    """
    if state == State.READY and PROCESS.missing:
        state, reason = State.DEGRADED, ", ".join(sorted(PROCESS.missing))
    return PROCESS.weigh(State(state), reason)


class Leadership:
    """This process's wish to lead in one matter; asks the database only when a quarter of the lease has passed."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name, self.seconds = name, seconds
        self._leads, self._ask_at = False, 0.0

    def holds(self) -> bool:
        if time.monotonic() >= self._ask_at:
            self._leads = hold_lease(SYSTEM, name=self.name, holder=PROCESS.name, seconds=self.seconds)
            self._ask_at = time.monotonic() + self.seconds / 4
        return self._leads

    def resign(self) -> None:
        if self._leads:
            release_lease(SYSTEM, name=self.name, holder=PROCESS.name)
        self._leads, self._ask_at = False, 0.0
