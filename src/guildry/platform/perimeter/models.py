"""What the edge remembers: replies to repeatable calls, and what browsers blocked."""

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified


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


class PolicyViolation(models.Model):
    """One kind of thing browsers blocked, and how often; `fingerprint` digests the three that make it one kind."""

    fingerprint = classified(models.CharField(max_length=64, unique=True), inventory.SYSTEM)
    directive = classified(models.CharField(max_length=64), inventory.SYSTEM)
    blocked = classified(models.CharField(max_length=200, db_default=""), inventory.SYSTEM)
    source = classified(models.CharField(max_length=200, db_default=""), inventory.SYSTEM)
    count = classified(models.PositiveIntegerField(default=1), inventory.SYSTEM)
    first_at = classified(models.DateTimeField(), inventory.SYSTEM)
    last_at = classified(models.DateTimeField(db_index=True), inventory.SYSTEM)
