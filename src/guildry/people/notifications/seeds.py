"""What members of the demo community have read; the notifications themselves arise from facts."""

from datetime import timedelta

from guildry.kernel.seeding import World
from guildry.people.accounts import queries as accounts
from guildry.people.notifications import tasks


def load(world: World) -> None:
    """Have everybody read all but the newest in the background, because much has to be delivered before."""
    last_visits = {}
    for person in world.cast:
        visit = world.now - timedelta(hours=24 + world.dice.randrange(36))
        if member := accounts.member_by_handle(person.handle):
            last_visits[str(member.pk)] = visit.isoformat()
    tasks.catch_up.enqueue(last_visits)
