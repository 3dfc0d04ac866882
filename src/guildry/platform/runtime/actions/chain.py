"""The one place where a version is given out: the head is locked, the set sealed, everybody told."""

from collections.abc import Mapping

from django.db import transaction

from guildry.kernel import clock, errors, hints
from guildry.kernel.bus import Act
from guildry.kernel.permissions import Actor
from guildry.platform.runtime import queries, rules
from guildry.platform.runtime.models import Change, ChangeSet, Head, Stored

CHANGED = "runtime.changed"
LONGEST_REASON = 500


class BadReason(errors.Invalid):
    problem = errors.problem("reason-missing", 422, "Say why")
    detail = "Say why in a sentence of at most 500 characters; it stays in the history."


def act_of(actor: Actor, *, row: ChangeSet, reason: str = "") -> Act:
    """Return what the audit trail keeps of a step in the life of a set."""
    changes = list(row.changes.all())
    return Act(
        reason or row.reason,
        {change.key: change.before for change in changes},
        {change.key: change.after for change in changes},
        f"configuration:{row.pk}",
    )


def lock_head(actor: Actor) -> Head:
    """Return the head, locked until the end of the transaction."""
    Head.objects.bulk_create([Head()], ignore_conflicts=True)
    return Head.objects.select_for_update().get()


def start_set(
    actor: Actor,
    *,
    kind: str,
    state: str,
    head: Head,
    channel: str,
    reason: str,
    changes: Mapping[str, tuple[str | None, str | None]],
    **further: object,
) -> ChangeSet:
    """Write a set with its changes, key by key before and after; raises BadReason."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise BadReason(field="reason")
    row = ChangeSet.objects.create(
        kind=kind,
        state=state,
        base_version=head.version,
        actor_id=actor.pk,
        channel=channel,
        reason=reason,
        created_at=clock.now(),
        **further,
    )
    Change.objects.bulk_create(
        Change(change_set=row, key=key, before=before, after=after)
        for key, (before, after) in changes.items()
    )
    return row


def seal_set(actor: Actor, *, head: Head, row: ChangeSet) -> None:
    """Give a set the next version and its place in the chain, and tell every process after the commit."""
    changes = list(row.changes.all())
    row.state, row.applied_at = rules.APPLIED, clock.now()
    row.version = head.version = head.version + 1
    row.digest = head.digest = rules.digest_after(head.digest, queries.content_of(row, changes))
    row.save()
    head.save()
    transaction.on_commit(_tell)


def store_changes(actor: Actor, *, row: ChangeSet) -> None:
    """Put what a set says into the store."""
    changes = list(row.changes.all())
    Stored.objects.filter(key__in=[change.key for change in changes]).delete()
    Stored.objects.bulk_create(
        Stored(key=change.key, text=change.after, change_set=row)
        for change in changes
        if change.after is not None
    )


def _tell() -> None:
    hints.send(CHANGED)
