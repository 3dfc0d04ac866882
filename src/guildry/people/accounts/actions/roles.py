"""Granting and revoking staff roles: somebody else's decision, kept with its reason."""

from django.db import transaction

from guildry.kernel import bus, clock, errors, permissions, text
from guildry.kernel.permissions import Actor, StaffRole
from guildry.people.accounts import events, rules
from guildry.people.accounts.models import Member, StaffGrant


class NotYourself(errors.Forbidden):
    problem = errors.problem("not-yourself", 403, "Somebody else has to decide that")
    detail = "Nobody grants or revokes their own roles. Ask another administrator."


class AlreadyGranted(errors.Conflict):
    problem = errors.problem("already-granted", 409, "They hold that role already")
    detail = "This member holds that role already."


class NotGranted(errors.Conflict):
    problem = errors.problem("not-granted", 409, "They do not hold that role")
    detail = "This member does not hold that role, or it was revoked before."


def grant_role(actor: Actor, *, member_id: int, role: StaffRole, reason: str) -> StaffGrant:
    """Give a member a staff role, which rests until they have a second factor.

    Raises PermissionMissing, SecondFactorMissing, NotYourself, AlreadyGranted, or Invalid without a reason.
    """
    permissions.require(actor, "accounts.grant_role")
    with transaction.atomic():
        member = _somebody_else(actor, member_id)
        before = _roles_of(member)
        if role in before:
            raise AlreadyGranted
        grant = StaffGrant.objects.create(
            member=member,
            role=role,
            reason=text.clean(reason)[:200],
            granted_by_id=actor.pk,
            granted_at=clock.now(),
        )
        _mark_staff(member)
        act = bus.Act(reason, before=before, after=_roles_of(member))
        bus.publish(events.RoleGranted(member.pk, role, grant.pk), actor=actor, act=act)
    return grant


def revoke_role(actor: Actor, *, grant_id: int, reason: str) -> StaffGrant:
    """Take a granted role away; raises PermissionMissing, NotYourself, NotGranted, or Invalid without a reason."""
    permissions.require(actor, "accounts.grant_role")
    with transaction.atomic():
        grant = StaffGrant.objects.select_for_update().filter(pk=grant_id, revoked_at=None).first()
        if grant is None:
            raise NotGranted
        member = _somebody_else(actor, grant.member_id)
        before = _roles_of(member)
        grant.revoked_at, grant.revoked_by_id = clock.now(), actor.pk
        grant.save(update_fields=["revoked_at", "revoked_by"])
        _mark_staff(member)
        act = bus.Act(reason, before=before, after=_roles_of(member))
        bus.publish(events.RoleRevoked(member.pk, grant.role, grant.pk), actor=actor, act=act)
    return grant


def _somebody_else(actor: Actor, member_id: int) -> Member:
    if not rules.may_grant(actor.pk, member_id):
        raise NotYourself
    member = Member.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise errors.NotFound("There is no such member.")
    return member


def _roles_of(member: Member) -> list[str]:
    held = StaffGrant.objects.filter(member=member, revoked_at=None)
    return sorted(held.values_list("role", flat=True))


def _mark_staff(member: Member) -> None:
    """Keep the flag that spares ordinary members the question."""
    member.has_staff_grant = StaffGrant.objects.filter(member=member, revoked_at=None).exists()
    member.save(update_fields=["has_staff_grant"])
