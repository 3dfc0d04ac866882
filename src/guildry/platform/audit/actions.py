"""Keeping the trail: each privileged act becomes an entry that can be searched for, and copies are acts themselves."""

from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, permissions
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import Actor
from guildry.platform.audit import queries, rules
from guildry.platform.audit.events import TrailExported
from guildry.platform.audit.models import LONGEST_SUBJECT, Entry


def record_act(actor: Actor, *, delivery: Delivery) -> None:
    """Write the entry of a privileged act; the same act a second time changes nothing."""
    if delivery.act is None:
        return
    act = delivery.act
    Entry.objects.get_or_create(
        seq=delivery.seq,
        defaults={
            "name": delivery.fact.name, "actor_id": delivery.actor_id, "subject": act.subject[:LONGEST_SUBJECT],
            "reason": act.reason, "before": act.before, "after": act.after, "trace_id": delivery.trace_id,
            "at": clock.now(),
        },
    )  # fmt: skip


def export_trail(
    actor: Actor, *, search: rules.Search, reason: str, limit: int = rules.MOST_EXPORTED
) -> list[dict[str, Any]]:
    """Return the newest entries that fit, at most `limit`, as plain rows; taking them is a privileged act.

    Raises PermissionMissing, or Invalid without a reason.
    """
    permissions.require(actor, "audit.export")
    act = bus.Act(reason, subject="audit")
    rows = queries.rows_of(list(queries.trail(actor, search=search, size=limit).items))
    with transaction.atomic():
        bus.publish(TrailExported(rows[0]["seq"] if rows else 0, len(rows)), actor=actor, act=act)
    return rows
