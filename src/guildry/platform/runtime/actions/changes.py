"""Proposing other values, having them approved, and taking them back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guildry.kernel import bus, clock, errors, permissions, runtime
from guildry.kernel.permissions import Actor
from guildry.platform.runtime import queries, rules
from guildry.platform.runtime.actions import chain
from guildry.platform.runtime.actions.chain import BadReason
from guildry.platform.runtime.events import (
    ChangesApplied,
    ChangesApproved,
    ChangesDeclined,
    ChangesProposed,
    ChangesWithdrawn,
)
from guildry.platform.runtime.models import ChangeSet, Head
from guildry.platform.runtime.queries import Preview

CONSOLE = "console"

__all__ = [
    "BadReason", "ChangesMoved", "ChangesRefused", "NothingToChange", "OwnProposal", "approve_changes",
    "decline_changes", "propose_changes", "roll_back", "withdraw_changes",
]  # fmt: skip


class ChangesRefused(errors.Invalid):
    problem = errors.problem("changes-refused", 422, "These values cannot be used")
    detail = "These values cannot be used. Nothing was changed."


class NothingToChange(errors.Invalid):
    problem = errors.problem("nothing-to-change", 422, "Nothing would change")
    detail = "These are the values already, so there is nothing to change."


class ChangesMoved(errors.Conflict):
    problem = errors.problem("changes-moved", 409, "Somebody changed the configuration first")
    detail = (
        "Somebody changed the configuration since you opened it. Look at it again, then send your changes."
    )


class OwnProposal(errors.Forbidden):
    problem = errors.problem("own-proposal", 403, "Somebody else has to approve this")
    detail = "You proposed this, so somebody else has to approve it."


class BadTime(errors.Invalid):
    problem = errors.problem("schedule-out-of-range", 422, "Choose another time")
    detail = "Choose a time from now to 90 days ahead."


def propose_changes(
    actor: Actor,
    *,
    changes: Mapping[str, str | None],
    reason: str,
    channel: str = CONSOLE,
    base_version: int | None = None,
    due_at: datetime | None = None,
) -> ChangeSet:
    """Put other texts into the store at once, at a time, or once somebody approved; None takes a key out of it.

    Raises ChangesRefused with every problem, NothingToChange, ChangesMoved, BadReason and BadTime.
    """
    permissions.require(actor, "config.change")
    with transaction.atomic():
        head = chain.lock_head(actor)
        found = queries.preview(changes, channel=channel)
        _check(found, head, base_version)
        return _settle(actor, head, found, ChangeSet.Kind.CHANGES, channel, reason, due_at=due_at)


def roll_back(
    actor: Actor, *, version: int, reason: str, channel: str = CONSOLE, base_version: int | None = None
) -> ChangeSet:
    """Make the store what it was at a version, as a set of its own; raises what propose_changes raises."""
    permissions.require(actor, "config.change")
    with transaction.atomic():
        head = chain.lock_head(actor)
        wanted = queries.changes_back_to(version)
        found = queries.preview(wanted, channel=channel, may_touch_pins=True)
        _check(found, head, base_version)
        return _settle(actor, head, found, ChangeSet.Kind.ROLLBACK, channel, reason, restores=version)


def approve_changes(actor: Actor, *, change_set_id: int, note: str = "") -> ChangeSet:
    """Let what somebody else proposed happen, now or at its time; raises OwnProposal and ChangesMoved."""
    permissions.require(actor, "config.approve")
    with transaction.atomic():
        head = chain.lock_head(actor)
        row = queries.change_set(change_set_id)
        if not rules.may_approve(row.actor_id, actor.pk):
            raise OwnProposal
        rules.STATES.check(row.state, rules.SCHEDULED)
        check_again(actor, row=row)
        row.decided_by, row.decided_at, row.decision = actor.pk, clock.now(), note.strip()[:500]
        if row.due_at is not None and row.due_at > clock.now():
            row.state = rules.SCHEDULED
            row.save()
            bus.publish(
                ChangesApproved(row.pk), actor=actor, act=chain.act_of(actor, row=row, reason=row.decision)
            )
        else:
            apply_set(actor, head=head, row=row)
    return row


def decline_changes(actor: Actor, *, change_set_id: int, note: str) -> ChangeSet:
    """Say no to what somebody proposed, and why."""
    permissions.require(actor, "config.approve")
    if not note.strip():
        raise BadReason(field="note")
    with transaction.atomic():
        row = _decided(actor, change_set_id, rules.DECLINED, note)
        bus.publish(ChangesDeclined(row.pk), actor=actor, act=chain.act_of(actor, row=row, reason=note))
    return row


def withdraw_changes(actor: Actor, *, change_set_id: int, note: str = "") -> ChangeSet:
    """Take back what waits for approval or for its time."""
    permissions.require(actor, "config.change")
    with transaction.atomic():
        row = _decided(actor, change_set_id, rules.WITHDRAWN, note)
        bus.publish(ChangesWithdrawn(row.pk), actor=actor, act=chain.act_of(actor, row=row, reason=note))
    return row


def apply_set(actor: Actor, *, head: Head, row: ChangeSet) -> None:
    """Put a set in force; the head is locked and the set was checked."""
    chain.store_changes(actor, row=row)
    chain.seal_set(actor, head=head, row=row)
    act = chain.act_of(actor, row=row, reason=row.decision)
    bus.publish(ChangesApplied(row.pk, row.version or 0), actor=actor, act=act)


def check_again(actor: Actor, *, row: ChangeSet) -> None:
    """See that a set still fits what is stored now; raises ChangesMoved and ChangesRefused."""
    changes = list(row.changes.all())
    found = queries.preview(
        {change.key: change.after for change in changes}, channel=row.channel, may_touch_pins=True
    )
    before = {difference.setting.key: difference.before for difference in found.differences}
    if any(change.key not in before or before[change.key] != change.before for change in changes):
        raise ChangesMoved
    _refuse(found)


def _check(found: Preview, head: Head, base_version: int | None) -> None:
    if base_version is not None and base_version != head.version:
        raise ChangesMoved
    if not (found.differences or found.wrong):
        raise NothingToChange
    _refuse(found)


def _refuse(found: Preview) -> None:
    if found.wrong:
        raise ChangesRefused(errors=found.wrong)
    try:
        runtime.rehearse(found.values)
    except Exception as error:
        raise ChangesRefused(f"A part of the site cannot work with these values: {error}") from error


def _settle(
    actor: Actor,
    head: Head,
    found: Preview,
    kind: str,
    channel: str,
    reason: str,
    *,
    due_at: datetime | None = None,
    restores: int | None = None,
) -> ChangeSet:
    """Write a checked set and put it in force, unless it has to wait."""
    now = clock.now()
    if due_at is not None and not now <= due_at <= now + rules.FURTHEST_SCHEDULE:
        raise BadTime(field="due_at")
    waits = found.needs_approval
    state = rules.WAITING if waits or due_at is None else rules.SCHEDULED
    row = chain.start_set(
        actor,
        kind=kind,
        state=state,
        head=head,
        channel=channel,
        reason=reason,
        changes={each.setting.key: (each.before, each.after) for each in found.differences},
        due_at=due_at,
        restores=restores,
    )
    if waits or due_at is not None:
        bus.publish(ChangesProposed(row.pk), actor=actor, act=chain.act_of(actor, row=row))
    else:
        apply_set(actor, head=head, row=row)
    return row


def _decided(actor: Actor, change_set_id: int, state: str, note: str) -> ChangeSet:
    chain.lock_head(actor)
    row = queries.change_set(change_set_id)
    rules.STATES.check(row.state, state)
    row.state, row.decided_by, row.decided_at = state, actor.pk, clock.now()
    row.decision = note.strip()[:500]
    row.save()
    return row
