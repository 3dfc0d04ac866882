"""Alerts and silences, the streaks they come from, and the devices that are told."""

from typing import Any

from django.db import models

from guildry.kernel import inventory, permissions
from guildry.kernel.inventory import classified
from guildry.kernel.secrets import SealedField
from guildry.ops.alerts import rules
from guildry.people.accounts.models import Member


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, viewer: Any) -> "AlertQuerySet":
        """Everything for those who may read alerts, nothing for anybody else."""
        may_read = viewer is not None and permissions.has(viewer, "alerts.read")
        return self if may_read else self.none()


class Alert(models.Model):
    """Something that is, or was, beyond its threshold; `current_key` keeps a second one of its kind from opening."""

    class State(models.TextChoices):
        OPEN = rules.State.OPEN, "Open"
        ACKNOWLEDGED = rules.State.ACKNOWLEDGED, "Acknowledged"
        RESOLVED = rules.State.RESOLVED, "Resolved"

    key = classified(models.CharField(max_length=80), inventory.SYSTEM)
    current_key = classified(models.CharField(max_length=80, null=True, unique=True), inventory.SYSTEM)
    label = classified(models.CharField(max_length=120), inventory.SYSTEM)
    severity = classified(models.CharField(max_length=10), inventory.SYSTEM)
    state = classified(models.CharField(max_length=14, choices=State), inventory.SYSTEM)
    observed = classified(models.CharField(max_length=300), inventory.SYSTEM)
    threshold = classified(models.CharField(max_length=80), inventory.SYSTEM)
    opened_at = classified(models.DateTimeField(), inventory.SYSTEM)
    acknowledged_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)
    acknowledged_by = classified(models.ForeignKey(Member, models.SET_NULL, null=True), inventory.LINK)
    note = classified(models.CharField(max_length=300, blank=True, db_default=""), inventory.PRIVATE_CONTENT)
    resolved_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="alert_by_state")]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Silence(models.Model):
    """A time in which nobody is told of one kind of alert."""

    key = classified(models.CharField(max_length=80, db_index=True), inventory.SYSTEM)
    reason = classified(models.CharField(max_length=300), inventory.PRIVATE_CONTENT)
    until = classified(models.DateTimeField(), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    created_by = classified(models.ForeignKey(Member, models.SET_NULL, null=True), inventory.LINK)
    lifted_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"{self.key} until {self.until}"


class Watch(models.Model):
    """How many readings of one kind in a row were bad, or good, whichever process took them."""

    key = classified(models.CharField(max_length=80, primary_key=True), inventory.SYSTEM)
    bad = classified(models.IntegerField(default=0, db_default=0), inventory.SYSTEM)
    good = classified(models.IntegerField(default=0, db_default=0), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"{self.key} {self.bad} bad, {self.good} good"


class Tally(models.Model):
    """Failures that one process counted in one minute."""

    minute = classified(models.DateTimeField(), inventory.SYSTEM)
    process = classified(models.CharField(max_length=80), inventory.SYSTEM)
    count = classified(models.IntegerField(default=0, db_default=0), inventory.SYSTEM)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minute", "process"], name="one_tally_a_minute")]

    def __str__(self) -> str:
        return f"{self.count} at {self.minute}"


class Device(models.Model):
    """A browser of somebody on staff that takes push messages, with the keys to write to it alone."""

    member = classified(
        models.ForeignKey(Member, models.CASCADE, related_name="push_devices"), inventory.LINK
    )
    digest = classified(models.CharField(max_length=64, unique=True), inventory.SECURITY)
    endpoint = SealedField()
    public_key = SealedField()
    auth = SealedField()
    created_at = classified(models.DateTimeField(), inventory.SECURITY)

    def __str__(self) -> str:
        return f"device of {self.member_id}"
