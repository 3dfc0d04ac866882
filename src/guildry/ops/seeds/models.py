"""Which seed packs were loaded, and what they were made of."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified


class LoadedPack(models.Model):
    """The ledger of one pack; `told_at` is the moment all its rows are relative to, kept for a second attempt."""

    name = classified(models.CharField(max_length=40, unique=True), inventory.SYSTEM)
    checksum = classified(models.CharField(max_length=64), inventory.SYSTEM)
    told_at = classified(models.DateTimeField(), inventory.SYSTEM)
    loaded_at = classified(models.DateTimeField(null=True, blank=True), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.name
