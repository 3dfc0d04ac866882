"""The store of values, the chain of what was applied, and what every process says it has applied."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.platform.runtime import rules


class Head(models.Model):
    """The version everybody should have: one row, locked by whoever changes anything."""

    id = classified(models.SmallIntegerField(primary_key=True, default=1), inventory.SYSTEM)
    version = classified(models.BigIntegerField(default=0), inventory.SYSTEM)
    digest = classified(models.CharField(max_length=64, blank=True, default=""), inventory.SYSTEM)

    class Meta:
        db_table = "runtime_head"

    def __str__(self) -> str:
        return f"version {self.version}"


@inventory.belongs(
    "actor_id",
    "decided_by",
    stays="Who changed how the site behaves stays on record; the number leads to a pseudonym.",
    is_emptied=False,
)
class ChangeSet(models.Model):
    """Values that change together or not at all; what was applied is never changed again."""

    class Kind(models.TextChoices):
        CHANGES = "changes", "Changes"
        ROLLBACK = "rollback", "Rollback"
        OVERRIDE = "override", "Override"
        OVERRIDE_END = "override end", "End of an override"
        ROTATION = "rotation", "Rotation of a secret"

    class State(models.TextChoices):
        WAITING = rules.WAITING, "Waiting for approval"
        SCHEDULED = rules.SCHEDULED, "Scheduled"
        APPLIED = rules.APPLIED, "Applied"
        DECLINED = rules.DECLINED, "Declined"
        WITHDRAWN = rules.WITHDRAWN, "Withdrawn"
        FAILED = rules.FAILED, "Failed"

    kind = classified(models.CharField(max_length=12, choices=Kind), inventory.SYSTEM)
    state = classified(models.CharField(max_length=9, choices=State), inventory.SYSTEM)
    base_version = classified(models.BigIntegerField(), inventory.SYSTEM)
    version = classified(models.BigIntegerField(null=True, unique=True), inventory.SYSTEM)
    digest = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.SYSTEM)
    actor_id = classified(models.BigIntegerField(null=True), inventory.LINK)
    channel = classified(models.CharField(max_length=10), inventory.SYSTEM)
    reason = classified(models.CharField(max_length=500), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    due_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    applied_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    decided_by = classified(models.BigIntegerField(null=True), inventory.LINK)
    decided_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    decision = classified(models.CharField(max_length=500, blank=True, db_default=""), inventory.SYSTEM)
    restores = classified(models.BigIntegerField(null=True), inventory.SYSTEM)

    class Meta:
        db_table = "runtime_change_set"
        indexes = [models.Index(fields=["state", "due_at"], name="change_set_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"


class Change(models.Model):
    """One key of a set: its stored text before and after, None where the key is not stored."""

    change_set = classified(
        models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes"), inventory.SYSTEM
    )
    key = classified(models.CharField(max_length=80), inventory.SYSTEM)
    before = classified(models.TextField(null=True), inventory.SYSTEM)
    after = classified(models.TextField(null=True), inventory.SYSTEM)

    class Meta:
        db_table = "runtime_change"
        constraints = [models.UniqueConstraint(fields=["change_set", "key"], name="one_change_a_key")]
        indexes = [models.Index(fields=["key"], name="change_key")]

    def __str__(self) -> str:
        return self.key


class Stored(models.Model):
    """The text the store has for a key now."""

    key = classified(models.CharField(max_length=80, primary_key=True), inventory.SYSTEM)
    text = classified(models.TextField(), inventory.SYSTEM)
    change_set = classified(models.ForeignKey(ChangeSet, models.PROTECT), inventory.SYSTEM)

    class Meta:
        db_table = "runtime_stored"

    def __str__(self) -> str:
        return self.key


class Override(models.Model):
    """A text that wins over every other layer until it expires or is ended."""

    key = classified(models.CharField(max_length=80), inventory.SYSTEM)
    text = classified(models.TextField(), inventory.SYSTEM)
    change_set = classified(models.ForeignKey(ChangeSet, models.PROTECT), inventory.SYSTEM)
    expires_at = classified(models.DateTimeField(), inventory.SYSTEM)
    ended_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    class Meta:
        db_table = "runtime_override"
        indexes = [models.Index(fields=["expires_at"], name="override_expiry")]

    def __str__(self) -> str:
        return f"{self.key} until {self.expires_at}"


class ProcessVersion(models.Model):
    """What one running process has in force; `error` says why it could not take a newer version."""

    process = classified(models.CharField(max_length=80, primary_key=True), inventory.SYSTEM)
    version = classified(models.BigIntegerField(), inventory.SYSTEM)
    refused_version = classified(models.BigIntegerField(null=True), inventory.SYSTEM)
    error = classified(models.CharField(max_length=500, blank=True, db_default=""), inventory.SYSTEM)
    applied_at = classified(models.DateTimeField(), inventory.SYSTEM)
    seen_at = classified(models.DateTimeField(), inventory.SYSTEM)

    class Meta:
        db_table = "runtime_process"

    def __str__(self) -> str:
        return f"{self.process} on {self.version}"
