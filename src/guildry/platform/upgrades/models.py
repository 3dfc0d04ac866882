"""The journal: every change of the schema and each of its steps, written before and after it happens.

The tables are made without anything but themselves, one statement each, for they must be there before all others.
"""

from typing import Any

from django.db import models

from guildry.kernel import inventory, permissions
from guildry.kernel.inventory import classified

LONGEST_ERROR, LONGEST_LABEL, LONGEST_CURSOR, LONGEST_POINT = 1000, 200, 100, 120


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, viewer: Any) -> "ChangeQuerySet":
        """Everything for those who may read migrations, nothing for anybody else."""
        return self if viewer is not None and permissions.has(viewer, "migrations.read") else self.none()


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, viewer: Any) -> "StepQuerySet":
        """Everything for those who may read migrations, nothing for anybody else."""
        return self if viewer is not None and permissions.has(viewer, "migrations.read") else self.none()


class Change(models.Model):
    """One migration on its way, or all of them at once where the database was empty; settled when Django was told."""

    app = classified(models.CharField(max_length=80), inventory.SYSTEM)
    name = classified(models.CharField(max_length=200), inventory.SYSTEM)
    direction = classified(models.CharField(max_length=10), inventory.SYSTEM)
    phase = classified(models.CharField(max_length=10), inventory.SYSTEM)
    status = classified(models.CharField(max_length=10), inventory.SYSTEM)
    is_settled = classified(models.BooleanField(db_default=False), inventory.SYSTEM)
    restore_point = classified(models.CharField(max_length=LONGEST_POINT, db_default=""), inventory.SYSTEM)
    error = classified(models.CharField(max_length=LONGEST_ERROR, db_default=""), inventory.SYSTEM)
    opened_at = classified(models.DateTimeField(), inventory.SYSTEM)
    done_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    objects = ChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.app}.{self.name} {self.direction}: {self.status}"


class Step(models.Model):
    """One statement, function or backfill; `before` and `after` are fingerprints of the tables it names."""

    change_id = classified(models.BigIntegerField(), inventory.SYSTEM)
    position = classified(models.IntegerField(), inventory.SYSTEM)
    statement = classified(models.IntegerField(), inventory.SYSTEM)
    kind = classified(models.CharField(max_length=10), inventory.SYSTEM)
    label = classified(models.CharField(max_length=LONGEST_LABEL), inventory.SYSTEM)
    sql = classified(models.TextField(), inventory.SYSTEM)
    digest = classified(models.CharField(max_length=64), inventory.SYSTEM)
    lock_class = classified(models.CharField(max_length=10, db_default=""), inventory.SYSTEM)
    status = classified(models.CharField(max_length=10), inventory.SYSTEM)
    before = classified(models.CharField(max_length=64, db_default=""), inventory.SYSTEM)
    after = classified(models.CharField(max_length=64, db_default=""), inventory.SYSTEM)
    cursor = classified(models.CharField(max_length=LONGEST_CURSOR, db_default=""), inventory.SYSTEM)
    rows = classified(models.BigIntegerField(db_default=0), inventory.SYSTEM)
    is_paused = classified(models.BooleanField(db_default=False), inventory.SYSTEM)
    started_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    done_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change_id", "position", "statement"], name="step_of_change")
        ]

    def __str__(self) -> str:
        return f"{self.change_id}.{self.position}.{self.statement} {self.label}: {self.status}"
