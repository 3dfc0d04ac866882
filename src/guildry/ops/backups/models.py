"""Backups as they were ordered, made, proven and dropped, and the drills that restored them."""

from typing import Any

from django.db import models

from guildry.kernel import inventory, permissions
from guildry.kernel.inventory import classified
from guildry.ops.backups import rules
from guildry.people.accounts.models import Member


class BackupQuerySet(models.QuerySet["Backup"]):
    def visible_to(self, viewer: Any) -> "BackupQuerySet":
        """Everything for those who may see backups, nothing for anybody else."""
        may_read = viewer is not None and permissions.has(viewer, "backups.read")
        return self if may_read else self.none()

    def standing(self) -> "BackupQuerySet":
        return self.filter(state__in=[rules.State.MADE, rules.State.VERIFIED, rules.State.DAMAGED])


class Backup(models.Model):
    """One backup; what is true of it stands in its own signed manifest, and this is what became of it."""

    name = classified(models.CharField(max_length=60, unique=True), inventory.SYSTEM)
    state = classified(
        models.CharField(max_length=10, choices=[(each, each.capitalize()) for each in rules.State]),
        inventory.SYSTEM,
    )
    wants_drill = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    reason = classified(models.CharField(max_length=500, db_default=""), inventory.PRIVATE_CONTENT)
    ordered_by = classified(
        models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+"), inventory.LINK
    )
    engine = classified(models.CharField(max_length=60, db_default=""), inventory.SYSTEM)
    signer = classified(models.CharField(max_length=60, db_default=""), inventory.SYSTEM)
    byte_count = classified(models.BigIntegerField(default=0, db_default=0), inventory.SYSTEM)
    row_count = classified(models.BigIntegerField(default=0, db_default=0), inventory.SYSTEM)
    object_count = classified(models.BigIntegerField(default=0, db_default=0), inventory.SYSTEM)
    seconds = classified(models.FloatField(default=0.0, db_default=0.0), inventory.SYSTEM)
    failure = classified(models.CharField(max_length=500, db_default=""), inventory.SYSTEM)
    held = classified(models.CharField(max_length=300, db_default=""), inventory.PRIVATE_CONTENT)
    ordered_at = classified(models.DateTimeField(), inventory.SYSTEM)
    finished_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    verified_at = classified(models.DateTimeField(null=True, db_index=True), inventory.SYSTEM)

    objects = BackupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="backup_by_state")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class Drill(models.Model):
    """A rehearsal: a backup brought up in a throwaway place and compared with what it says of itself."""

    backup = classified(models.ForeignKey(Backup, models.CASCADE, related_name="drills"), inventory.SYSTEM)
    place = classified(models.CharField(max_length=80), inventory.SYSTEM)
    is_passed = classified(models.BooleanField(), inventory.SYSTEM)
    seconds = classified(models.FloatField(), inventory.SYSTEM)
    findings = classified(models.JSONField(default=list), inventory.SYSTEM)
    figures = classified(models.JSONField(default=dict), inventory.SYSTEM)
    finished_at = classified(models.DateTimeField(db_index=True), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"drill of {self.backup_id}: {'passed' if self.is_passed else 'failed'}"
