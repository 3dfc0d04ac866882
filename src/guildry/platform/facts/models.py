"""Facts in the one order everybody sees, chained by digest, and what became of their delivery."""

from datetime import UTC, datetime

from django.db import models

from guildry.kernel import inventory
from guildry.kernel.inventory import classified
from guildry.kernel.stepwise import growing

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


@growing
@inventory.belongs(
    "actor_id",
    stays="Facts are chained and carry numbers, not words; the number leads to a pseudonym.",
    is_emptied=False,
)
class StoredFact(models.Model):
    """One fact, written in the transaction of its action; `seq` and `digest` come with the seal after the commit.

    `act` holds why it was done, and digests of what it changed, when it is a privileged one.
    """

    key = classified(models.UUIDField(unique=True), inventory.SYSTEM)
    name = classified(models.CharField(max_length=80), inventory.SYSTEM)
    payload = classified(models.TextField(), inventory.BEHAVIOUR)
    actor_id = classified(models.BigIntegerField(null=True), inventory.LINK)
    trace_id = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.SYSTEM)
    created_at = classified(models.DateTimeField(), inventory.SYSTEM)
    seq = classified(models.BigIntegerField(null=True, unique=True), inventory.SYSTEM)
    digest = classified(models.CharField(max_length=64, blank=True, db_default=""), inventory.SYSTEM)
    act = classified(models.TextField(null=True), inventory.SYSTEM)

    class Meta:
        db_table = "facts_fact"

    def __str__(self) -> str:
        return f"{self.name} {self.seq or '(unsealed)'}"


class Head(models.Model):
    """The end of the chain: one row, locked while sealing, signed so that a shortened chain is noticed."""

    id = classified(models.SmallIntegerField(primary_key=True, default=1), inventory.SYSTEM)
    seq = classified(models.BigIntegerField(default=0), inventory.SYSTEM)
    digest = classified(models.CharField(max_length=64, blank=True, default=""), inventory.SYSTEM)
    signature = classified(models.CharField(max_length=64, blank=True, default=""), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"head at {self.seq}"


@growing
class Receipt(models.Model):
    """What became of one fact at one subscriber; written together with what the subscriber did."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DELIVERED = "delivered", "Delivered"
        DEAD = "dead", "Dead"

    fact = classified(
        models.ForeignKey(StoredFact, models.CASCADE, related_name="receipts"), inventory.SYSTEM
    )
    subscriber = classified(models.CharField(max_length=80), inventory.SYSTEM)
    state = classified(
        models.CharField(max_length=10, choices=State, db_default="pending", default="pending"),
        inventory.SYSTEM,
    )
    attempts = classified(models.SmallIntegerField(default=0, db_default=0), inventory.SYSTEM)
    due_at = classified(models.DateTimeField(default=AT_ONCE), inventory.SYSTEM)
    error = classified(models.CharField(max_length=500, blank=True, db_default=""), inventory.SYSTEM)
    delivered_at = classified(models.DateTimeField(null=True), inventory.SYSTEM)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "subscriber"], name="one_receipt_each")]
        indexes = [models.Index(fields=["state", "due_at", "fact"], name="receipt_due")]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.state}"
