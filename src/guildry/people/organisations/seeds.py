"""The organisations of the demo community and who belongs to them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from guildry.kernel import clock
from guildry.kernel.seeding import Guild, World, dice_for
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions
from guildry.people.organisations.models import Organisation

ROLES = ("owner", "admin", "manager", "member", "member", "member", "viewer")


def steps(world: World) -> list[Callable[[], None]]:
    """Found every organisation of the cast and bring its people in by invitation."""
    return [partial(_gather, world, number) for number in range(len(world.guilds))]


def _gather(world: World, number: int) -> None:
    guild = world.guilds[number]
    dice = dice_for(f"organisations:{guild.handle}")
    people = [member for member in map(accounts.member_by_handle, guild.people) if member]
    with clock.at(world.now - timedelta(days=58 - 2 * number)):
        organisation = _found(guild, people[0])
    for place, person in enumerate(people[1:], 1):
        with clock.at(world.now - timedelta(days=56 - 2 * number - place, hours=dice.randrange(9))):
            _join(organisation, people[0], person, ROLES[min(place, len(ROLES) - 1)])


def _found(guild: Guild, owner: Member) -> Organisation:
    return actions.found_organisation(
        owner, handle=guild.handle, name=guild.name, kind=guild.kind, tagline=guild.tagline,
        story=guild.story, place=guild.place, size=guild.size, founded=guild.founded,
    )  # fmt: skip


def _join(organisation: Organisation, owner: Member, person: Member, role: str) -> None:
    invitation = actions.invite(owner, organisation_id=organisation.pk, to=f"@{person.handle}", role=role)
    actions.accept_invitation(person, invitation_id=invitation.pk)
