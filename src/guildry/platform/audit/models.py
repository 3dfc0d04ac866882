"""Privileged acts as they are searched for, and the pages that bind the chain of facts which proves them."""

from typing import Any

from django.db import models

from guildry.kernel import inventory, permissions
from guildry.kernel.inventory import classified
from guildry.kernel.stepwise import growing

LONGEST_SUBJECT = 120


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, viewer: Any) -> "EntryQuerySet":
        """Everything for those who may read the trail, nothing for anybody else."""
        may_read = viewer is not None and permissions.has(viewer, "audit.read")
        return self if may_read else self.none()


@growing
@inventory.belongs(
    "actor_id",
    "subject",
    stays="The trail proves who did what with whose right; the number leads to a pseudonym.",
    is_emptied=False,
)
class Entry(models.Model):
    """One privileged act: `seq` is the place of its fact in the chain, `before` and `after` are digests."""

    seq = classified(models.BigIntegerField(primary_key=True), inventory.SYSTEM)
    name = classified(models.CharField(max_length=80), inventory.SYSTEM)
    actor_id = classified(models.BigIntegerField(null=True), inventory.LINK)
    subject = classified(models.CharField(max_length=LONGEST_SUBJECT, db_default=""), inventory.LINK)
    reason = classified(models.CharField(max_length=500), inventory.PRIVATE_CONTENT)
    before = classified(models.CharField(max_length=64, db_default=""), inventory.SYSTEM)
    after = classified(models.CharField(max_length=64, db_default=""), inventory.SYSTEM)
    trace_id = classified(models.CharField(max_length=64, db_default=""), inventory.SYSTEM)
    at = classified(models.DateTimeField(), inventory.SYSTEM)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["actor_id", "seq"], name="audit_of_actor"),
            models.Index(fields=["name", "seq"], name="audit_of_kind"),
            models.Index(fields=["subject", "seq"], name="audit_of_subject"),
            models.Index(fields=["trace_id", "seq"], name="audit_of_trace"),
            models.Index(fields=["at", "seq"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.name} {self.subject}"


class Page(models.Model):
    """A stretch of the chain whose facts were whole when it was bound; each vouches for the one before it.

    The signature of the last page says that they are all ours.
    """

    number = classified(models.BigIntegerField(primary_key=True), inventory.SYSTEM)
    digest = classified(models.CharField(max_length=64), inventory.SYSTEM)
    signature = classified(models.CharField(max_length=64), inventory.SYSTEM)
    bound_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"page {self.number}"
