"""Making and redeeming tickets, and saying who is present."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guildry.kernel import clock, crypto, errors, limits
from guildry.kernel.permissions import Actor
from guildry.platform.realtime import rules
from guildry.platform.realtime.models import Presence, PresenceLease, Ticket


class TicketRefused(errors.Unauthenticated):
    problem = errors.problem("ticket-refused", 401, "That ticket opens nothing")
    detail = "This ticket is unknown, used or too old. Ask for a new one and connect at once."


@dataclass(frozen=True)
class IssuedTicket:
    """A ticket as its owner sees it, the only time."""

    secret: str
    expires_at: datetime


def issue_ticket(actor: Actor, *, session_id: int | None = None, token_id: int | None = None) -> IssuedTicket:
    """Make a ticket for the acting member, tied to the session or token that asks for it."""
    if actor.pk is None or (session_id is None) == (token_id is None):
        raise errors.Unauthenticated
    burst, per_second = rules.TICKETS
    limits.spend(f"socket.ticket:{actor.pk}", burst=burst, per_second=per_second)
    secret = crypto.new_token(rules.TICKET_PREFIX)
    expires_at = clock.now() + rules.TICKET_LIFETIME
    Ticket.objects.create(
        digest=crypto.digest(secret),
        member_id=actor.pk,
        session_id=session_id,
        token_id=token_id,
        expires_at=expires_at,
    )
    return IssuedTicket(secret, expires_at)


def redeem_ticket(actor: Actor, *, secret: str) -> Ticket:
    """Spend a ticket and return what it was; of two who try it at once, one is refused with TicketRefused."""
    with transaction.atomic():
        row = Ticket.objects.filter(digest=crypto.digest(secret)).first()
        if row is None or not Ticket.objects.filter(pk=row.pk).delete()[0]:
            raise TicketRefused
    if row.expires_at <= clock.now():
        raise TicketRefused
    return row


def keep_presence(actor: Actor, *, process: str, arrived: Collection[int], departed: Collection[int]) -> None:
    """Renew the lease of a process, and note which members came to it and which left it."""
    now = clock.now()
    with transaction.atomic():
        lease, _ = PresenceLease.objects.update_or_create(
            process=process, defaults={"expires_at": now + rules.PRESENCE_LEASE}
        )
        Presence.objects.bulk_create(
            [Presence(lease=lease, member_id=member_id) for member_id in sorted(arrived)],
            ignore_conflicts=True,
        )
        if departed:
            Presence.objects.filter(lease=lease, member_id__in=departed).delete()


def end_presence(actor: Actor, *, process: str) -> None:
    """Give up the lease of a process and with it everybody who was present there."""
    PresenceLease.objects.filter(process=process).delete()


def clear_expired(actor: Actor) -> int:
    """Delete leases of processes that are gone; returns how many rows."""
    leases, _ = PresenceLease.objects.filter(expires_at__lte=clock.now()).delete()
    return leases
