"""The organisations of the demo community and who belongs to them."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from guildry.kernel import clock
from guildry.kernel.seeding import Guild, World, dice_for, in_steps
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions
from guildry.people.organisations.models import Organisation

# The owner and so many less one are there before the doors open.
HELPERS = 2
ROLES = ("owner", "admin", "manager", "member", "member", "member", "viewer")


def steps(world: World) -> list[Callable[[], None]]:
    """Found every organisation of the cast and bring in whoever helps to run it, and whom visitors step into."""
    return in_steps([partial(_begin, world, number) for number in range(len(world.guilds))], 3)


def later_steps(world: World) -> list[Callable[[], None]]:
    """Bring in everybody else."""
    return [partial(_gather, world, number, at_first=False) for number in range(len(world.guilds))]


def totals(world: World) -> dict[str, int]:
    """Return how many organisations there are of each kind, and who belongs to them in which role."""
    kinds = Counter(f"organisations {guild.kind}" for guild in world.guilds)
    places = [min(place, len(ROLES) - 1) for guild in world.guilds for place in range(len(guild.people))]
    roles = Counter(f"memberships {ROLES[place]}" for place in places)
    return {"organisations": len(world.guilds), **kinds, "memberships": len(places), **roles}


def _begin(world: World, number: int) -> None:
    guild = world.guilds[number]
    owner = accounts.member_by_handle(guild.people[0])
    if owner:
        with clock.telling(world.now - timedelta(days=58 - 2 * number)):
            _found(guild, owner)
        _gather(world, number, at_first=True)


def _gather(world: World, number: int, *, at_first: bool) -> None:
    """Invite the people of an organisation, each in the place the cast gives them, and let them accept."""
    guild = world.guilds[number]
    dice = dice_for(f"organisations:{guild.handle}")
    organisation = Organisation.objects.get(handle=guild.handle)
    people = accounts.members_by_handle(guild.people)
    personas = {person.handle for person in world.cast if person.persona}
    for place, handle in enumerate(guild.people[1:], 1):
        hours = dice.randrange(9)
        if handle in people and at_first == (place < HELPERS or handle in personas):
            with clock.telling(world.now - timedelta(days=56 - 2 * number - place, hours=hours)):
                _join(
                    organisation, people[guild.people[0]], people[handle], ROLES[min(place, len(ROLES) - 1)]
                )


def _found(guild: Guild, owner: Member) -> Organisation:
    return actions.found_organisation(
        owner, handle=guild.handle, name=guild.name, kind=guild.kind, tagline=guild.tagline,
        story=guild.story, place=guild.place, size=guild.size, founded=guild.founded,
    )  # fmt: skip


def _join(organisation: Organisation, owner: Member, person: Member, role: str) -> None:
    invitation = actions.invite(owner, organisation_id=organisation.pk, to=f"@{person.handle}", role=role)
    actions.accept_invitation(person, invitation_id=invitation.pk)
