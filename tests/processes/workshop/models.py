"""What was done, one row each time, so that doing it twice shows."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified


class Effect(models.Model):
    """One effect; nothing keeps a second row of the same name out."""

    name = classified(models.CharField(max_length=60), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """An idempotent effect: the same name leaves one row, however often it is written."""

    name = classified(models.CharField(max_length=60, primary_key=True), inventory.SYSTEM)
    times = classified(models.IntegerField(default=0), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.name
