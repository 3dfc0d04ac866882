"""The organisations of the demo community and who belongs to them."""

from datetime import timedelta

from guildry.kernel import clock
from guildry.kernel.seeding import Guild, World
from guildry.people.accounts import queries as accounts
from guildry.people.accounts.models import Member
from guildry.people.organisations import actions, queries

ROLES = ("owner", "admin", "manager", "member", "member", "member", "viewer")


def load(world: World) -> None:
    """Found every organisation of the cast and bring its people in by invitation."""
    for number, guild in enumerate(world.guilds):
        people = [m for m in map(accounts.member_by_handle, guild.people) if m]
        with clock.at(world.now - timedelta(days=58 - 2 * number)):
            _found(guild, people[0])
        for place, person in enumerate(people[1:], 1):
            with clock.at(world.now - timedelta(days=56 - 2 * number - place, hours=world.dice.randrange(9))):
                _join(guild, people[0], person, ROLES[min(place, len(ROLES) - 1)])


def _found(guild: Guild, owner: Member) -> None:
    try:
        queries.organisation_by_handle(owner, guild.handle)
    except queries.OrganisationNotFound:
        actions.found_organisation(
            owner, handle=guild.handle, name=guild.name, kind=guild.kind, tagline=guild.tagline,
            story=guild.story, place=guild.place, size=guild.size, founded=guild.founded,
        )  # fmt: skip


def _join(guild: Guild, owner: Member, person: Member, role: str) -> None:
    organisation = queries.organisation_by_handle(owner, guild.handle)
    if queries.is_member(organisation.pk, person.pk):
        return
    invitation = next(
        (i for i in queries.invitations_for(person) if i.organisation_id == organisation.pk), None
    )
    invitation = invitation or actions.invite(
        owner, organisation_id=organisation.pk, to=f"@{person.handle}", role=role
    )
    actions.accept_invitation(person, invitation_id=invitation.pk)
