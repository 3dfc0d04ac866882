"""Seeing and reading, and forgetting what is old."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from guildry.kernel import bus, clock, errors, inventory, runtime
from guildry.kernel.permissions import Actor
from guildry.people.accounts.models import Member
from guildry.people.notifications import queries
from guildry.people.notifications.actions.trays import count_unread, hold
from guildry.people.notifications.events import NotificationsRead
from guildry.people.notifications.models import Notification, Tray

BATCH = 500


class NotificationNotFound(errors.NotFound):
    problem = errors.problem("notification-not-found", 404, "No such notification")
    detail = "This notification is not yours, or is no longer there."


def read_notification(actor: Member, *, notification_id: int, also: Iterable[int] = ()) -> Notification:
    """Mark one notification, and those told with it, as read and return it; raises NotificationNotFound."""
    mark_read(actor, notification_ids=[notification_id, *also])
    found = Notification.objects.visible_to(actor).filter(pk=notification_id).first()
    if found is None:
        raise NotificationNotFound
    return found


def mark_read(actor: Member, *, notification_ids: Iterable[int]) -> int:
    """Mark some of the actor's notifications as read; returns how many were not. Those of others are left alone."""
    return _read(actor, pk__in=list(notification_ids))


def mark_all_read(actor: Member, *, up_to: int | None = None, group: str = "") -> int:
    """Mark everything as read, or everything of a group or up to one notification, so that later ones stay unread."""
    which: dict[str, object] = {"kind__in": queries.kinds_in(group)} if group else {}
    if up_to is not None:
        which["pk__lte"] = up_to
    return _read(actor, **which)


def read_from(actor: Actor, *, recipient_id: int, kind: str, by: int) -> int:
    """Mark as read what a member was told of one kind because of another, once they have dealt with it."""
    recipient = Member.objects.filter(pk=recipient_id).first()
    return _read(recipient, kind=kind, actor_id=by) if recipient else 0


def read_until(actor: Actor, *, member_id: int, moment: datetime) -> int:
    """Mark as read, as of that moment, what a member was told before it."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        return 0
    with clock.telling(moment):
        return _read(member, created_at__lt=moment)


def mark_seen(actor: Member, *, up_to: int) -> int:
    """Note that the actor looked at everything up to one notification; returns how much of it was new to them."""
    with transaction.atomic():
        rows = Notification.objects.visible_to(actor).filter(pk__lte=up_to, seen_at=None)
        return int(rows.update(seen_at=clock.now()))


def forget_old(actor: Actor) -> int:
    """Delete one batch of notifications past their time that no hold keeps, the oldest first; returns how many."""
    held = inventory.held()
    if Notification._meta.db_table in held.tables:
        return 0
    with transaction.atomic():
        rows = Notification.objects.filter(
            created_at__lt=clock.now() - runtime.value("retention.notifications")
        ).exclude(recipient_id__in=held.members)
        batch = dict(rows.order_by("created_at").values_list("pk", "recipient_id")[:BATCH])
        hold(actor, member_ids=batch.values())
        old = Notification.objects.filter(pk__in=list(batch))
        unread = Counter(old.filter(is_shown=True, read_at=None).values_list("recipient_id", flat=True))
        number = int(old.delete()[0])
        count_unread(actor, changes={member_id: -count for member_id, count in unread.items()})
    return number


def _read(actor: Member, **which: object) -> int:
    with transaction.atomic():
        if not Tray.objects.select_for_update().filter(pk=actor.pk).exists():
            return 0
        now = clock.now()
        rows = Notification.objects.visible_to(actor).filter(**which)
        rows.filter(seen_at=None).update(seen_at=now)
        changed = int(rows.unread().update(read_at=now))
        if changed:
            count_unread(actor, changes={actor.pk: -changed})
            bus.publish(NotificationsRead(actor.pk), actor=actor)
    return changed
