"""Which seed packs were loaded, and what they were made of."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified


class LoadedPack(models.Model):
    """The ledger of one pack: which version it was and what it was made of, how many of its steps are `done`, and the moment all of them are relative to."""

    name = classified(models.CharField(max_length=40, unique=True), inventory.SYSTEM)
    version = classified(models.PositiveSmallIntegerField(default=1, db_default=1), inventory.SYSTEM)
    checksum = classified(models.CharField(max_length=64), inventory.SYSTEM)
    told_at = classified(models.DateTimeField(), inventory.SYSTEM)
    done = classified(models.PositiveIntegerField(default=0, db_default=0), inventory.SYSTEM)
    loaded_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.name
