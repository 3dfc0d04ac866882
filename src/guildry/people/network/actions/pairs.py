"""Two members at a time: who they are, held together while something between them changes."""

from typing import Any

from django.db.models import Q

from guildry.kernel import clock, errors, limits, runtime
from guildry.people.accounts.models import Member
from guildry.people.network import rules
from guildry.people.network.models import Block
from guildry.people.network.queries import MemberNotFound


class NotWithYourself(errors.Invalid):
    problem = errors.problem("not-with-yourself", 422, "That takes two")
    detail = "This takes somebody else: you cannot do it with yourself."


class YouBlockedThem(errors.DomainError):
    problem = errors.problem("you-blocked-them", 409, "You blocked this member")
    detail = "You blocked this member. Unblock them first, under Settings, Blocked and muted."


def hold(actor: Any, *, member_id: int, must_be_open: bool = True) -> Member:
    """Lock both members of a pair, in key order, for the running transaction; return the other one.

    Raises MemberNotFound for somebody unknown, suspended or, unless `must_be_open` is false, behind their own block,
    NotWithYourself, and YouBlockedThem.
    """
    if not isinstance(actor, Member):
        raise errors.Unauthenticated
    if actor.pk == member_id:
        raise NotWithYourself
    rows = Member.objects.select_for_update().filter(Q(pk=actor.pk) | Q(pk=member_id)).order_by("pk")
    other = next((member for member in rows if member.pk == member_id), None)
    if other is None or (must_be_open and not other.is_active):
        raise MemberNotFound
    if must_be_open:
        _refuse_blocks(actor, other)
    return other


def _refuse_blocks(actor: Member, other: Member) -> None:
    blocks = Block.objects.filter(
        blocker_id__in=(actor.pk, other.pk), blocked_id__in=(actor.pk, other.pk)
    ).values_list("blocker_id", flat=True)
    blockers = set(blocks)
    if other.pk in blockers:
        raise MemberNotFound
    if actor.pk in blockers:
        raise YouBlockedThem


def spend(actor: Member, *, act: str) -> None:
    """Take one of an act from the actor's allowance; raises TooMany."""
    if act == "follow":
        allowance = rules.follows_allowed(
            actor.created_at, clock.now(), hourly=runtime.value("network.follows_hourly")
        )
    else:
        allowance = rules.requests_allowed(
            actor.created_at, clock.now(), daily=runtime.value("network.requests_daily")
        )
    limits.spend(f"network.{act}:{actor.pk}", burst=allowance.burst, per_second=allowance.per_second)
