"""Keeping the trail: each privileged act becomes an entry that can be searched for."""

from guildry.kernel import clock
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import Actor
from guildry.platform.audit.models import Entry


def record_act(actor: Actor, *, delivery: Delivery) -> None:
    """Write the entry of a privileged act; the same act a second time changes nothing."""
    if delivery.act is None:
        return
    act = delivery.act
    Entry.objects.get_or_create(
        seq=delivery.seq,
        defaults={
            "name": delivery.fact.name, "actor_id": delivery.actor_id, "subject": act.subject[:120],
            "reason": act.reason, "before": act.before, "after": act.after, "trace_id": delivery.trace_id,
            "at": clock.now(),
        },
    )  # fmt: skip
