"""Loading the seed packs, each step once, in order."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from guildry.kernel import clock, limits, permissions, points
from guildry.kernel.seeding import World
from guildry.ops.seeds import queries
from guildry.ops.seeds.models import LoadedPack
from guildry.platform.facts.actions import seal_facts

# SQLite lets whoever waits to write ask again after some time, so one who writes without a pause would keep out members.
PAUSE = 0.05


def load_demo(actor: Any) -> list[str]:
    """Load every pack the ledger does not have yet and return their names. Raises PermissionMissing.

    Packs write through actions. A step and its mark in the ledger are one transaction, so whoever comes back after an
    interruption goes on where it was, relative to the same moment and with the same dice.
    """
    permissions.require(actor, "seeds.load")
    return _loaded(queries.packs())


def open_demo(actor: Any) -> list[str]:
    """Load what visitors see first, seal its facts, and return the names of the packs. Raises PermissionMissing."""
    permissions.require(actor, "seeds.load")
    loaded = _loaded(pack for pack in queries.packs() if not pack.after_opening)
    while seal_facts(actor):
        pass
    return loaded


def continue_demo(actor: Any, *, seconds: float) -> bool:
    """Load what is missing for about so long; returns whether anything is left. Raises PermissionMissing."""
    permissions.require(actor, "seeds.load")
    until = time.monotonic() + seconds
    for pack in queries.packs():
        for _ in _steps(pack):
            if time.monotonic() > until:
                return True
            time.sleep(PAUSE)
    return False


def _loaded(packs: Iterable[points.SeedPack]) -> list[str]:
    return [pack.name for pack in packs if list(_steps(pack))]


def _steps(pack: points.SeedPack) -> Iterator[int]:
    """Take the steps of a pack that are left, one at a time, and yield the number of each."""
    row = _open(pack)
    if row.loaded_at:
        return
    cast, guilds = queries.cast()
    steps = pack.steps(World(now=row.told_at, cast=cast, guilds=guilds))
    for number in range(row.done, len(steps)):
        with transaction.atomic(), limits.lifted():
            steps[number]()
            row.done = number + 1
            row.save(update_fields=["done"])
        yield number
    row.loaded_at = clock.now()
    row.save(update_fields=["loaded_at"])


def _open(pack: points.SeedPack) -> LoadedPack:
    """Return the ledger's entry for a pack, made now with the moment of the packs already told."""
    with transaction.atomic():
        row = LoadedPack.objects.filter(name=pack.name).first()
        if row is None:
            first = LoadedPack.objects.order_by("pk").first()
            row = LoadedPack.objects.create(
                name=pack.name,
                version=pack.version,
                checksum=queries.checksum_of(pack),
                told_at=first.told_at if first else clock.now(),
            )
    return row
