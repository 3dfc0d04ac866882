"""Roles in an organisation, and the ways out of it."""

from typing import Any

from django.db import transaction

from guildry.kernel import bus, clock, errors
from guildry.people.organisations import rules
from guildry.people.organisations.actions.organisations import RightMissing, hold
from guildry.people.organisations.events import (
    MembershipEnded,
    MembershipRoleChanged,
    MembershipStarted,
)
from guildry.people.organisations.models import JoinRequest, Membership, Organisation


class LastOwner(errors.DomainError):
    problem = errors.problem("last-owner", 409, "An organisation keeps an owner")
    detail = "This is the only owner. Make somebody else an owner first, or close the organisation."


class NotInside(errors.NotFound):
    problem = errors.problem("not-inside", 404, "Not a member of this organisation")
    detail = "This person does not belong to the organisation any more."


class AlreadyInside(errors.DomainError):
    problem = errors.problem("already-inside", 409, "Already a member of this organisation")
    detail = "This person already belongs to the organisation."


def start_membership(actor: Any, *, organisation: Organisation, member_id: int, role: str) -> Membership:
    """Begin a membership in the running transaction, which holds the organisation, and publish it.

    Raises AlreadyInside. An open request of the same member is answered by it.
    """
    if Membership.objects.filter(
        organisation=organisation, member_id=member_id or 0, is_current=True
    ).exists():
        raise AlreadyInside
    membership = Membership.objects.create(
        organisation=organisation, member_id=member_id, role=role, started_at=clock.now()
    )
    JoinRequest.objects.filter(organisation=organisation, member_id=member_id, is_open=True).update(
        state=JoinRequest.State.ACCEPTED, is_open=None, answered_at=clock.now()
    )
    organisation.people_count += 1
    organisation.save(update_fields=["people_count"])
    bus.publish(MembershipStarted(organisation.pk, member_id), actor=actor, act=organisation.act)
    return membership


def change_role(
    actor: Any, *, organisation_id: int, member_id: int, role: str, title: str = ""
) -> Membership:
    """Give somebody another role or title; raises RightMissing, LastOwner, NotInside or Invalid."""
    if role not in rules.RANKS:
        raise errors.Invalid("Choose one of the roles.", field="role")
    if len(title) > 80:
        raise errors.Invalid("A title has at most 80 characters.", field="title")
    with transaction.atomic():
        organisation, own = hold(actor, organisation_id=organisation_id, right=rules.Right.CHANGE_ROLES)
        membership = _current(organisation, member_id)
        if not (rules.may_change(own, membership.role) and rules.may_give(own, role)):
            raise RightMissing("You can give roles below your own, to people ranked below you.")
        if membership.role == Membership.Role.OWNER and role != Membership.Role.OWNER:
            _keep_an_owner(organisation, member_id)
        membership.role, membership.title = role, title.strip()
        membership.save(update_fields=["role", "title"])
        fact = MembershipRoleChanged(organisation_id, member_id, role)
        bus.publish(fact, actor=actor, act=organisation.act)
    return membership


def remove_person(actor: Any, *, organisation_id: int, member_id: int) -> Membership:
    """End somebody else's membership; raises RightMissing, LastOwner or NotInside."""
    with transaction.atomic():
        right = rules.Right.REMOVE_PEOPLE
        organisation, own = hold(actor, organisation_id=organisation_id, right=right, must_be_open=False)
        membership = _current(organisation, member_id)
        if not rules.may_change(own, membership.role):
            raise RightMissing("You can remove people ranked below you.")
        return _end(actor, organisation, membership)


def leave(actor: Any, *, organisation_id: int) -> Membership:
    """End one's own membership; raises LastOwner or NotInside."""
    with transaction.atomic():
        organisation, _ = hold(actor, organisation_id=organisation_id, must_be_open=False)
        return _end(actor, organisation, _current(organisation, actor.pk))


def end_membership(actor: Any, *, organisation_id: int, member_id: int) -> Membership:
    """Leave, or remove somebody else, whichever the ids say."""
    if member_id == actor.pk:
        return leave(actor, organisation_id=organisation_id)
    return remove_person(actor, organisation_id=organisation_id, member_id=member_id)


def _current(organisation: Organisation, member_id: int | None) -> Membership:
    rows = Membership.objects.filter(organisation=organisation, member_id=member_id or 0, is_current=True)
    found = rows.select_related("member").first()
    if found is None:
        raise NotInside
    return found


def _keep_an_owner(organisation: Organisation, leaving_id: int) -> None:
    others = Membership.objects.filter(organisation=organisation, is_current=True, role="owner")
    if not others.filter(member__is_active=True).exclude(member_id=leaving_id).exists():
        raise LastOwner


def _end(actor: Any, organisation: Organisation, membership: Membership) -> Membership:
    if membership.role == Membership.Role.OWNER:
        _keep_an_owner(organisation, membership.member_id)
    membership.is_current, membership.ended_at = None, clock.now()
    membership.save(update_fields=["is_current", "ended_at"])
    organisation.people_count -= 1
    organisation.save(update_fields=["people_count"])
    fact = MembershipEnded(organisation.pk, membership.member_id)
    bus.publish(fact, actor=actor, act=organisation.act)
    return membership
