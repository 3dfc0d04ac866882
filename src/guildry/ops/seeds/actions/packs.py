"""Loading the seed packs, each once, in order."""

import random
from typing import Any

from django.db import transaction

from guildry.kernel import clock, permissions, points
from guildry.kernel.seeding import World
from guildry.ops.seeds import queries
from guildry.ops.seeds.models import LoadedPack


def load_demo(actor: Any) -> list[str]:
    """Load every pack the ledger does not have yet and return their names.

    Packs write through actions, so each row is a short transaction of its own; a pack that was interrupted is told
    again relative to the same moment and with the same dice, and skips what is already there. Raises PermissionMissing.
    """
    permissions.require(actor, "seeds.load")
    cast, guilds = queries.cast()
    loaded = []
    for pack in queries.packs():
        row = _open(pack)
        if row.loaded_at:
            continue
        dice = random.Random(f"guildry:{pack.name}")  # noqa: S311 - demo rows, not secrets
        pack.load(World(now=row.told_at, cast=cast, guilds=guilds, dice=dice))
        LoadedPack.objects.filter(pk=row.pk).update(loaded_at=clock.now())
        loaded.append(pack.name)
    return loaded


def _open(pack: points.SeedPack) -> LoadedPack:
    """Return the ledger's entry for a pack, made now with the moment of the packs already told."""
    with transaction.atomic():
        row = LoadedPack.objects.filter(name=pack.name).first()
        if row is None:
            first = LoadedPack.objects.order_by("pk").first()
            row = LoadedPack.objects.create(
                name=pack.name,
                checksum=queries.checksum_of(pack),
                told_at=first.told_at if first else clock.now(),
            )
        elif row.loaded_at is None and row.checksum != (wanted := queries.checksum_of(pack)):
            row.checksum = wanted
            row.save(update_fields=["checksum"])
    return row
