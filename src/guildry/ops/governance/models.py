"""Requests of members about their data, holds, the proofs of retention, and the ledger of who was erased."""

from typing import Any

from django.db import models

from guildry.kernel import inventory, permissions
from guildry.kernel.inventory import classified
from guildry.kernel.secrets import HashedField, Life, SealedJSONField
from guildry.ops.governance.rules import Kind, State
from guildry.people.accounts.models import Member

ANSWERED = "It proves that the request was answered, and when."
STAFF = "It proves who decided; the number leads to a pseudonym."


def _text(length: int, data: inventory.DataClass = inventory.SYSTEM) -> Any:
    return classified(models.CharField(max_length=length, blank=True, default="", db_default=""), data)


def _moment(**named: Any) -> Any:
    return classified(models.DateTimeField(null=True, blank=True, **named), inventory.SYSTEM)


def _count() -> Any:
    return classified(models.BigIntegerField(default=0, db_default=0), inventory.SYSTEM)


def _staff() -> Any:
    return classified(models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+"), inventory.LINK)


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, viewer: Any) -> "RequestQuerySet":
        """Everything for those who may see the queue, their own for everybody else."""
        if viewer is None:
            return self.none()
        return self if permissions.has(viewer, "governance.read") else self.filter(member_id=viewer.pk)

    def erasures(self) -> "RequestQuerySet":
        return self.filter(kind=Kind.ERASURE)

    def copies(self) -> "RequestQuerySet":
        return self.filter(kind=Kind.COPY)


@inventory.belongs("member", stays=ANSWERED, is_emptied=True, emptied={"needles": models.F("needles")})
class Request(models.Model):
    """A member asks for a copy of their data, or for its end; `reference` is how it is told without naming them.

    `needles` are the words that must not be found afterwards, sealed, and gone once they are not.
    """

    kind = classified(
        models.CharField(max_length=8, choices=[(each, each.capitalize()) for each in Kind]), inventory.SHOWN
    )
    member = classified(models.ForeignKey(Member, models.CASCADE, related_name="+"), inventory.LINK)
    reference = classified(models.CharField(max_length=16, unique=True), inventory.SHOWN)
    state = classified(
        models.CharField(max_length=10, choices=[(each, each.capitalize()) for each in State]),
        inventory.SHOWN,
    )
    wish = _text(300, inventory.PRIVATE_CONTENT)
    received_at = classified(models.DateTimeField(), inventory.SHOWN)
    due_at = classified(models.DateTimeField(), inventory.SHOWN)
    cools_until = _moment()
    planned_by = _staff()
    planned_at = _moment()
    approved_by = _staff()
    approved_at = _moment()
    decision = _text(300, inventory.SHOWN)
    plan = classified(models.JSONField(default=list, blank=True), inventory.SYSTEM)
    plan_digest = _text(64)
    needles = SealedJSONField(null=True, blank=True)
    result = classified(models.JSONField(default=dict, blank=True), inventory.SYSTEM)
    receipt = classified(models.JSONField(default=dict, blank=True), inventory.SHOWN)
    signature = classified(models.TextField(default="", blank=True), inventory.SYSTEM)
    byte_count = _count()
    digest = _text(64)
    link_digest = HashedField(blank=True, default="", db_default="", life=Life("expires_at", forgets=True))
    expires_at = _moment()
    failure = _text(300)
    finished_at = _moment()

    objects = RequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "kind", "id"], name="privacy_of_member"),
            models.Index(fields=["state", "due_at"], name="privacy_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}: {self.state}"


@inventory.belongs(stays=ANSWERED, is_emptied=False)
class Step(models.Model):
    """What an erasure does to one table, and how far it got."""

    request = classified(models.ForeignKey(Request, models.CASCADE, related_name="steps"), inventory.SYSTEM)
    position = classified(models.PositiveSmallIntegerField(), inventory.SYSTEM)
    table = classified(models.CharField(max_length=80), inventory.SYSTEM)
    act = classified(models.CharField(max_length=10), inventory.SYSTEM)
    planned = _count()
    done = _count()
    finished_at = _moment()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "table"], name="one_step_a_table")]

    def __str__(self) -> str:
        return f"{self.act} {self.table}: {self.done} of {self.planned}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, viewer: Any) -> "HoldQuerySet":
        may_read = viewer is not None and permissions.has(viewer, "governance.read")
        return self if may_read else self.none()

    def in_force(self) -> "HoldQuerySet":
        return self.filter(lifted_at=None)


@inventory.belongs("placed_by", "lifted_by", goes_with=(), stays=STAFF, is_emptied=False)
class Hold(models.Model):
    """Data that must not go, whatever its age or its member wishes: of one member, or of one table."""

    member = classified(
        models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="+"), inventory.SYSTEM
    )
    table = _text(80)
    reason = classified(models.CharField(max_length=300), inventory.PRIVATE_CONTENT)
    placed_by = _staff()
    placed_at = classified(models.DateTimeField(), inventory.SYSTEM)
    review_on = classified(models.DateField(), inventory.SYSTEM)
    lifted_by = _staff()
    lifted_at = _moment(db_index=True)
    lifted_for = _text(300, inventory.PRIVATE_CONTENT)

    objects = HoldQuerySet.as_manager()

    def __str__(self) -> str:
        return f"hold on {self.table or self.member_id}"


class RetentionRun(models.Model):
    """One round of taking away what is old enough; a dry one only counts."""

    is_dry = classified(models.BooleanField(default=False, db_default=False), inventory.SYSTEM)
    ordered_by = _staff()
    began_at = classified(models.DateTimeField(db_index=True), inventory.SYSTEM)
    finished_at = _moment()

    def __str__(self) -> str:
        return f"{'dry ' if self.is_dry else ''}run of {self.began_at:%Y-%m-%d}"


class Proof(models.Model):
    """What one run did to one table: `digest` is chained over the keys that went, `last_key` is how far it got."""

    run = classified(models.ForeignKey(RetentionRun, models.CASCADE, related_name="proofs"), inventory.SYSTEM)
    policy = classified(models.CharField(max_length=40), inventory.SYSTEM)
    table = classified(models.CharField(max_length=80), inventory.SYSTEM)
    cutoff = classified(models.DateTimeField(), inventory.SYSTEM)
    matched = _count()
    deleted = _count()
    held = _count()
    digest = _text(64)
    last_key = _text(64)
    finished_at = _moment()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "policy", "table"], name="one_proof_a_table")]

    def __str__(self) -> str:
        return f"{self.policy} on {self.table}: {self.deleted} of {self.matched}"


class Erased(models.Model):
    """One line of the ledger of who was erased, as the file in the data folder has it too: no name, no number."""

    subject = classified(models.CharField(max_length=64, unique=True), inventory.SYSTEM)
    plan_digest = _text(64)
    erased_at = classified(models.DateTimeField(), inventory.SYSTEM)

    def __str__(self) -> str:
        return f"erased {self.subject[:12]}"
