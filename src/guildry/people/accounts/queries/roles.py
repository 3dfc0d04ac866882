"""Which roles carry which permissions, and who holds which role."""

from dataclasses import dataclass

from guildry.kernel import errors
from guildry.kernel.permissions import PERMISSIONS, StaffRole
from guildry.people.accounts.models import Member, StaffGrant


@dataclass(frozen=True)
class PermissionRow:
    """A permission as the registry shows it: one mark a role, in the order of `StaffRole`."""

    name: str
    area: str
    description: str
    marks: tuple[bool, ...]


def permission_table() -> list[PermissionRow]:
    """Return every declared permission, by name."""
    return [
        PermissionRow(
            permission.name,
            permission.name.partition(".")[0],
            permission.description,
            tuple(role in permission.roles for role in StaffRole),
        )
        for permission in sorted(PERMISSIONS, key=lambda entry: entry.name)
    ]


def grants_of(member: Member) -> list[StaffGrant]:
    """Return the roles the member was granted, revoked ones too, the latest first."""
    grants = StaffGrant.objects.filter(member=member).select_related("granted_by", "revoked_by")
    return list(grants.order_by("-id"))


def holder_of(grant_id: int) -> Member:
    """Return the member a role was granted to; raises NotFound."""
    grant = StaffGrant.objects.filter(pk=grant_id).select_related("member").first()
    if grant is None:
        raise errors.NotFound("There is no such role.")
    return grant.member


def staff_members(limit: int = 200) -> list[tuple[Member, tuple[StaffRole, ...]]]:
    """Return members with a role in force or resting, by name, with what they were granted."""
    grants = StaffGrant.objects.filter(revoked_at=None).select_related("member")
    held: dict[int, tuple[Member, list[StaffRole]]] = {}
    for grant in grants.order_by("member__name", "id")[: limit * len(StaffRole)]:
        held.setdefault(grant.member_id, (grant.member, []))[1].append(StaffRole(grant.role))
    return [(member, tuple(roles)) for member, roles in held.values()][:limit]
