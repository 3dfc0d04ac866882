"""Keeping and ending sessions."""

from datetime import datetime

from django.contrib.sessions.backends.base import UpdateError
from django.db import transaction

from guildry.kernel import bus, clock, errors
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.people.accounts import events, rules
from guildry.people.accounts.models import Member, Session


def keep_session(
    actor: Actor,
    *,
    digest: str,
    replacing: str = "",
    is_new: bool = False,
    member_id: int | None = None,
    **fields: object,
) -> Session:
    """Store a session, under a new digest when `replacing` an old one.

    Raises UpdateError when it ended while its request ran, so that nothing brings it back.
    """
    with transaction.atomic():
        row = Session.objects.select_for_update().filter(key_digest=replacing or digest).first()
        if row is None and not is_new:
            raise UpdateError
        row = row or Session(created_at=clock.now(), last_seen_at=clock.now())
        starts = member_id if row.member_id != member_id else None
        row.key_digest, row.member_id = digest, member_id
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        if starts is not None:
            actor = Member.objects.get(pk=starts)
            bus.publish(events.SessionStarted(actor.pk, row.pk), actor=actor)
    return row


def drop_session(actor: Actor, *, digest: str) -> None:
    """End the session of one cookie, if there is one."""
    with transaction.atomic():
        _end(actor, Session.objects.select_for_update().filter(key_digest=digest).first())


def end_session(actor: Actor, *, session_id: int) -> None:
    """End one of the acting member's sessions; raises NotFound for anybody else's."""
    with transaction.atomic():
        row = Session.objects.select_for_update().filter(pk=session_id, member_id=actor.pk).first()
        if row is None or actor.pk is None:
            raise errors.NotFound("That session is over already.")
        _end(actor, row)


def end_other_sessions(actor: Actor, *, member_id: int, keep: int | None = None) -> int:
    """End a member's sessions, each in its own transaction, but for the one to keep; returns how many."""
    if actor.pk not in (member_id, None):
        raise errors.Forbidden
    ended = Session.objects.filter(member_id=member_id).exclude(pk=keep or 0).values_list("pk", flat=True)
    rows = list(ended.order_by("pk"))
    for session_id in rows:
        with transaction.atomic():
            _end(actor, Session.objects.select_for_update().filter(pk=session_id).first())
    return len(rows)


def touch_session(actor: Actor, *, session_id: int, seen_at: datetime) -> None:
    """Note that a session was used; a second request of the same minute writes nothing."""
    Session.objects.filter(pk=session_id, last_seen_at__lte=seen_at - rules.SEEN_EVERY).update(
        last_seen_at=seen_at
    )


def _end(actor: Actor, row: Session | None) -> None:
    if row is None:
        return
    session_id, member_id = row.pk, row.member_id
    row.delete()
    if member_id is not None:
        ended_by = actor if actor.pk is not None else SYSTEM
        bus.publish(events.SessionEnded(member_id, session_id), actor=ended_by)
