"""What processes agree on through the database: who leads, what was done once, and who runs."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified


class Lease(models.Model):
    """The right to lead in one matter, held by one process until it expires."""

    name = classified(models.CharField(max_length=64, primary_key=True), inventory.SYSTEM)
    holder = classified(models.CharField(max_length=80), inventory.SYSTEM)
    expires_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"{self.name} held by {self.holder}"


class Occasion(models.Model):
    """Something that happens once in the life of an installation, such as loading the demo community."""

    name = classified(models.CharField(max_length=64, primary_key=True), inventory.SYSTEM)
    happened_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return self.name


class RunningProcess(models.Model):
    """A process as it described itself when it was last heard of; one that ends takes its row away."""

    name = classified(models.CharField(max_length=80, primary_key=True), inventory.SYSTEM)
    role = classified(models.CharField(max_length=40), inventory.SYSTEM)
    release = classified(models.CharField(max_length=40), inventory.SYSTEM)
    generation = classified(models.IntegerField(), inventory.SYSTEM)
    state = classified(models.CharField(max_length=12), inventory.SYSTEM)
    reason = classified(models.CharField(max_length=300, blank=True, db_default=""), inventory.SYSTEM)
    started_at = classified(models.DateTimeField(), inventory.SYSTEM)
    seen_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"
