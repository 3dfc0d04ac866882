"""Following and unfollowing."""

from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock
from guildry.people.network.actions.pairs import hold, spend
from guildry.people.network.events import MemberFollowed, MemberUnfollowed
from guildry.people.network.models import Follow


def follow_member(actor: Any, *, member_id: int) -> Follow:
    """Follow a member; following them twice changes nothing. Raises MemberNotFound, YouBlockedThem or TooMany."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id)
        known = Follow.objects.filter(follower=actor, followed=other).first()
        if known:
            return known
        spend(actor, act="follow")
        follow = Follow.objects.create(follower=actor, followed=other, created_at=clock.now())
        bus.publish(MemberFollowed(actor.pk, other.pk), actor=actor)
    return follow


def unfollow_member(actor: Any, *, member_id: int) -> None:
    """Stop following a member; doing it twice changes nothing. Raises MemberNotFound."""
    with transaction.atomic():
        other = hold(actor, member_id=member_id, must_be_open=False)
        if Follow.objects.filter(follower=actor, followed=other).delete()[0]:
            bus.publish(MemberUnfollowed(actor.pk, other.pk), actor=actor)
