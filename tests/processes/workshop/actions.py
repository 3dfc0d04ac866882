"""Ringing bells, hearing them, and leaving marks."""

import time

from django.conf import settings
from django.db import transaction
from django.db.models import F

from guildry.kernel import bus
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.actions import join_member
from tests.processes.workshop import tasks
from tests.processes.workshop.events import BellRang
from tests.processes.workshop.models import Effect, Mark
from tests.processes.workshop.rules import PASSWORD


def join_two() -> None:
    for handle in ("ada", "ben"):
        name, email = handle.capitalize(), f"{handle}@example.org"
        join_member(SYSTEM, name=name, handle=handle, email=email, password=PASSWORD)


def ring_bells(count: int) -> None:
    for bell in range(count):
        with transaction.atomic():
            bus.publish(BellRang(bell), actor=SYSTEM)


def hear(delivery: Delivery) -> None:
    """Leave one row in the delivery's transaction and one line in a file, which no rollback takes back."""
    assert isinstance(delivery.fact, BellRang)
    Effect.objects.create(name=f"bell {delivery.fact.bell_id}")
    note("heard", str(delivery.fact.bell_id))
    time.sleep(0.002)


def give_out(count: int) -> None:
    for first in range(0, count, 500):
        with transaction.atomic():
            for number in range(first, min(first + 500, count)):
                tasks.work.enqueue(number)


def leave_mark(name: str) -> None:
    with transaction.atomic():
        Mark.objects.bulk_create([Mark(name=name)], ignore_conflicts=True)
        Mark.objects.filter(name=name).update(times=F("times") + 1)


def note(name: str, line: str) -> None:
    with (settings.DATA_DIR / f"{name}.txt").open("a") as file:
        file.write(f"{line}\n")


def probe() -> str:
    """Fail while a file says so."""
    if (settings.DATA_DIR / "broken.txt").exists():
        raise OSError("the workshop is broken")
    return "the workshop is in order"


def reload() -> str:
    """Note that it was called; refuse while a file says so."""
    if (settings.DATA_DIR / "refuse.txt").exists():
        raise ValueError("this configuration makes no sense")
    note("reloaded", "once")
    return "all of it"
