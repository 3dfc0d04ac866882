"""Blocking and muting, of which the other side is never told."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from guildry.kernel import bus, clock
from guildry.people.network.actions.connecting import part
from guildry.people.network.actions.pairs import hold
from guildry.people.network.events import MemberBlocked, MemberMuted, MemberUnblocked, MemberUnmuted
from guildry.people.network.models import Block, Follow, Mute


def block_member(actor: Any, *, member_id: int) -> Block:
    """Keep a member away: ends follows and connection both ways, and hides each from the other everywhere.

    Blocking twice changes nothing. Raises MemberNotFound or NotWithYourself.
    """
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        known = Block.objects.filter(blocker=actor, blocked=other).first()
        if known:
            return known
        block = Block.objects.create(blocker=actor, blocked=other, created_at=clock.now())
        Follow.objects.filter(Q(follower=actor, followed=other) | Q(follower=other, followed=actor)).delete()
        part(actor, other=other)
        bus.publish(MemberBlocked(actor.pk, other.pk), actor=actor)
    return block


def unblock_member(actor: Any, *, member_id: int) -> None:
    """Let a member back; what the block ended stays ended."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        if Block.objects.filter(blocker=actor, blocked=other).delete()[0]:
            bus.publish(MemberUnblocked(actor.pk, other.pk), actor=actor)


def mute_member(actor: Any, *, member_id: int) -> Mute:
    """Hear nothing of a member any more; muting twice changes nothing. Raises MemberNotFound or YouBlockedThem."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id)
        known = Mute.objects.filter(muter=actor, muted=other).first()
        if known:
            return known
        mute = Mute.objects.create(muter=actor, muted=other, created_at=clock.now())
        bus.publish(MemberMuted(actor.pk, other.pk), actor=actor)
    return mute


def unmute_member(actor: Any, *, member_id: int) -> None:
    """Hear of a member again."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        if Mute.objects.filter(muter=actor, muted=other).delete()[0]:
            bus.publish(MemberUnmuted(actor.pk, other.pk), actor=actor)
