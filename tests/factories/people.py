"""People for tests, made directly so that a test states only what it is about."""

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member, StaffGrant

PASSWORD = "correct horse battery staple"


def make_member(handle: str, name: str = "", **fields: object) -> Member:
    member = Member(handle=handle, name=name or handle.capitalize(), email=f"{handle}@example.org", **fields)
    member.set_password(PASSWORD)
    member.save()
    return member


def grant(member: Member, role: StaffRole, *, by: Member) -> Member:
    StaffGrant.objects.create(member=member, role=role, granted_by=by)
    return Member.objects.get(pk=member.pk)
