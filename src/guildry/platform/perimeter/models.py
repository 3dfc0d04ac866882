"""What the edge remembers: replies to repeatable calls, and what browsers blocked."""

from typing import Any

from django.db import models

from guildry.kernel import inventory, permissions
from guildry.kernel.inventory import classified


@inventory.belongs("scope")
class KeptReply(models.Model):
    """The first reply to a call with an Idempotency-Key; without a status while the call is under way."""

    scope = classified(models.CharField(max_length=80), inventory.LINK)
    key = classified(models.CharField(max_length=64), inventory.SYSTEM)
    request_digest = classified(models.CharField(max_length=64), inventory.SYSTEM)
    status = classified(models.PositiveSmallIntegerField(null=True), inventory.SYSTEM)
    headers = classified(models.JSONField(default=dict), inventory.SYSTEM)
    content = classified(models.BinaryField(default=bytes), inventory.PRIVATE_CONTENT)
    is_secret = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(db_index=True), inventory.SYSTEM)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_reply_a_key")]


class PolicyViolationQuerySet(models.QuerySet["PolicyViolation"]):
    def visible_to(self, viewer: Any) -> "PolicyViolationQuerySet":
        """Everything for those who look after security, nothing for anybody else."""
        may_read = viewer is not None and permissions.has(viewer, "security.read")
        return self if may_read else self.none()


class PolicyViolation(models.Model):
    """One kind of thing browsers blocked, and how often; `fingerprint` digests the three that make it one kind.

    Dismissed ones go on being counted, apart from the others.
    """

    fingerprint = classified(models.CharField(max_length=64, unique=True), inventory.SYSTEM)
    directive = classified(models.CharField(max_length=64), inventory.SYSTEM)
    blocked = classified(models.CharField(max_length=200, db_default=""), inventory.SYSTEM)
    source = classified(models.CharField(max_length=200, db_default=""), inventory.SYSTEM)
    count = classified(models.PositiveIntegerField(default=1), inventory.SYSTEM)
    first_at = classified(models.DateTimeField(), inventory.SYSTEM)
    last_at = classified(models.DateTimeField(), inventory.SYSTEM)
    is_dismissed = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)

    objects = PolicyViolationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["is_dismissed", "last_at", "id"], name="violations_by_time")]

    def __str__(self) -> str:
        return f"{self.directive} {self.blocked}"


class RateRefusal(models.Model):
    """How often requests of one class were refused for being too many."""

    rate = classified(models.CharField(max_length=40, unique=True), inventory.SYSTEM)
    count = classified(models.BigIntegerField(default=0, db_default=0), inventory.SYSTEM)
    first_at = classified(models.DateTimeField(), inventory.SYSTEM)
    last_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"{self.rate} {self.count}"
