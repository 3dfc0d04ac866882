"""People for tests, made directly so that a test states only what it is about."""

from allauth.mfa.models import Authenticator

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts.models import Member, StaffGrant

PASSWORD = "correct horse battery staple"


def make_member(handle: str, name: str = "", **fields: object) -> Member:
    member = Member(handle=handle, name=name or handle.capitalize(), email=f"{handle}@example.org", **fields)
    member.set_password(PASSWORD)
    member.save()
    return member


def grant(member: Member, role: StaffRole, *, by: Member) -> Member:
    """Give a staff role, with the second factor that puts it in force."""
    StaffGrant.objects.create(member=member, role=role, granted_by=by)
    Authenticator.objects.get_or_create(user=member, type=Authenticator.Type.TOTP, defaults={"data": {}})
    Member.objects.filter(pk=member.pk).update(has_staff_grant=True)
    return Member.objects.get(pk=member.pk)
