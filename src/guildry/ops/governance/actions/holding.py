"""Legal holds: data that stays whatever its age or its member wishes, and for as long as somebody says why."""

from datetime import date

from django.db import transaction

from guildry.kernel import bus, clock, errors, permissions, text
from guildry.kernel.permissions import Actor
from guildry.ops.governance import events, queries
from guildry.ops.governance.models import Hold
from guildry.people.accounts.queries import member_by_id


class ScopeUnclear(errors.Invalid):
    problem = errors.problem("hold-scope-unclear", 422, "Say what is held")
    detail = "Name either one member or one table."


class HoldLifted(errors.DomainError):
    problem = errors.problem("hold-lifted", 409, "That hold was lifted already")
    detail = "Somebody lifted this hold already, so nothing was changed."


def place_hold(
    actor: Actor, *, reason: str, review_on: date, member_id: int | None = None, table: str = ""
) -> Hold:
    """Keep the data of one member, or of one table, until the hold is lifted; raises ScopeUnclear or Invalid."""
    permissions.require(actor, "governance.hold")
    if bool(member_id) == bool(table):
        raise ScopeUnclear(field="handle")
    if member_id and member_by_id(member_id) is None:
        raise errors.NotFound
    if table and table not in {each.table for each in queries.holdings()}:
        raise errors.Invalid("There is no table of that name.", field="table")
    if review_on <= clock.now().date():
        raise errors.Invalid("Choose a day to come: a hold is looked at again.", field="review_on")
    subject = f"member:{member_id}" if member_id else f"table:{table}"
    act = bus.Act(reason, subject=subject, after={"review_on": review_on.isoformat()})
    with transaction.atomic():
        hold = Hold.objects.create(
            member_id=member_id, table=table, reason=text.clean(reason)[:300], placed_by_id=actor.pk,
            placed_at=clock.now(), review_on=review_on,
        )  # fmt: skip
        bus.publish(events.HoldPlaced(hold.pk), actor=actor, act=act)
    return hold


def lift_hold(actor: Actor, *, hold_id: int, reason: str) -> Hold:
    """Let data go again when its time is over; raises HoldLifted."""
    permissions.require(actor, "governance.hold")
    with transaction.atomic():
        hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
        if hold is None:
            raise errors.NotFound
        if hold.lifted_at:
            raise HoldLifted
        subject = f"member:{hold.member_id}" if hold.member_id else f"table:{hold.table}"
        act = bus.Act(reason, subject=subject, before={"review_on": hold.review_on.isoformat()})
        hold.lifted_at, hold.lifted_by_id = clock.now(), actor.pk
        hold.lifted_for = text.clean(reason)[:300]
        hold.save()
        bus.publish(events.HoldLifted(hold.pk), actor=actor, act=act)
    return hold
