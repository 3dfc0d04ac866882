"""The cast as members: proven addresses, staff with a second factor, and the personas anybody may step into."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.kernel.seeding import Person, World
from guildry.people.accounts import actions, queries
from guildry.people.accounts.models import Member

PASSWORD = "guildry-demo"  # noqa: S105 - printed at every start of a demonstration


def load(world: World) -> None:
    """Let the cast join, one after the other, before anything else happens."""
    password_hash = make_password(PASSWORD)
    for number, person in enumerate(world.cast):
        with clock.at(world.now - timedelta(days=60, hours=len(world.cast) - number)):
            member = queries.member_by_handle(person.handle) or _join(person, password_hash)
            _equip(person, member)


def _join(person: Person, password_hash: str) -> Member:
    return actions.join_member(
        SYSTEM, name=person.name, handle=person.handle, email=f"{person.handle}@example.org",
        password_hash=password_hash, hats=person.hats, time_zone=person.time_zone, headline=person.headline,
    )  # fmt: skip


def _equip(person: Person, member: Member) -> None:
    held = member.staff_roles | member.withheld_roles
    wanted = [StaffRole(role) for role in person.staff_roles if role not in held]
    if wanted and not held:
        TOTP.activate(member, generate_totp_secret())
        actions.note_second_factor(SYSTEM, member_id=member.pk, kind="totp")
    for role in wanted:
        actions.grant_role(SYSTEM, member_id=member.pk, role=role, reason="Part of the demonstration")
    if person.persona:
        actions.name_persona(SYSTEM, member_id=member.pk, label=person.persona)
