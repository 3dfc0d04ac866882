"""Putting in force what was scheduled, when its time has come."""

from django.db import transaction

from guildry.kernel import bus, clock, errors
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.platform.runtime import queries, rules
from guildry.platform.runtime.actions import chain, changes
from guildry.platform.runtime.events import ChangesFailed
from guildry.platform.runtime.models import ChangeSet


def apply_due_changes(actor: Actor) -> int:
    """Apply scheduled sets that are due, and mark those that no longer fit as failed; returns how many there were."""
    return sum(_apply_one(pk) for pk in queries.due_ids())


def _apply_one(pk: int) -> bool:
    with transaction.atomic():
        head = chain.lock_head(SYSTEM)
        row = ChangeSet.objects.filter(pk=pk, state=rules.SCHEDULED).first()
        if row is None:
            return False
        try:
            changes.check_again(SYSTEM, row=row)
        except errors.DomainError as refusal:
            row.state, row.decided_at, row.decision = rules.FAILED, clock.now(), _said(refusal)
            row.save()
            bus.publish(ChangesFailed(row.pk), actor=SYSTEM, act=chain.act_of(SYSTEM, row=row))
        else:
            changes.apply_set(SYSTEM, head=head, row=row)
    return True


def _said(refusal: errors.DomainError) -> str:
    lines = [f"{entry.field} {entry.detail}" for entry in refusal.errors] or [refusal.message]
    return " ".join(lines)[:500]
