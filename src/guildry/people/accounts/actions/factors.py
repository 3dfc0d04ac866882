"""Noting that an account gained or lost a second factor."""

from django.db import transaction

from guildry.kernel import bus
from guildry.kernel.permissions import Actor
from guildry.people.accounts import events


def note_second_factor(actor: Actor, *, member_id: int, kind: str) -> None:
    """Put on record that a member set up an authenticator."""
    with transaction.atomic():
        bus.publish(events.SecondFactorAdded(member_id, kind), actor=actor)


def note_second_factor_removed(actor: Actor, *, member_id: int, kind: str) -> None:
    """Put on record that a member removed an authenticator."""
    with transaction.atomic():
        bus.publish(events.SecondFactorRemoved(member_id, kind), actor=actor)
