"""The cast as members: proven addresses, staff with a second factor, and the personas anybody may step into."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM, StaffRole
from guildry.kernel.seeding import Person, World, in_steps
from guildry.people.accounts import actions, queries
from guildry.people.accounts.models import Member


def steps(world: World) -> list[Callable[[], None]]:
    """Let the cast join, one after the other, before anything else happens."""
    password_hash = make_password(queries.DEMO_PASSWORD)
    return in_steps([partial(_join, world, number, password_hash) for number in range(len(world.cast))], 32)


def totals(world: World) -> dict[str, int]:
    """Return how many members there are, what they do, and who holds which staff role."""
    hats = Counter(f"hat {hat}" for person in world.cast for hat in person.hats)
    roles = Counter(f"staff {role}" for person in world.cast for role in person.staff_roles)
    personas = sum(bool(person.persona) for person in world.cast)
    return {"members": len(world.cast), "personas": personas, **hats, **roles}


def _join(world: World, number: int, password_hash: str) -> None:
    person = world.cast[number]
    with clock.telling(world.now - timedelta(days=60, hours=len(world.cast) - number)):
        member = actions.join_member(
            SYSTEM, name=person.name, handle=person.handle, email=f"{person.handle}@example.org",
            password_hash=password_hash, hats=person.hats, time_zone=person.time_zone, headline=person.headline,
        )  # fmt: skip
        _equip(person, member)


def _equip(person: Person, member: Member) -> None:
    if person.staff_roles:
        TOTP.activate(member, generate_totp_secret())
        actions.note_second_factor(SYSTEM, member_id=member.pk, kind="totp")
    for role in person.staff_roles:
        actions.grant_role(
            SYSTEM, member_id=member.pk, role=StaffRole(role), reason="Part of the demonstration"
        )
    if person.persona:
        actions.name_persona(SYSTEM, member_id=member.pk, label=person.persona)
