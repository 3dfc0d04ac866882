"""What members of the demo community have read; the notifications themselves arise from facts."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from guildry.kernel.seeding import World, dice_for
from guildry.people.accounts import queries as accounts
from guildry.people.notifications import tasks


def steps(world: World) -> list[Callable[[], None]]:
    """Have everybody read all but the newest, once everything that happened has been delivered."""
    return [partial(_catch_up, world)]


def _catch_up(world: World) -> None:
    dice = dice_for("notifications")
    last_visits = {}
    for person in world.cast:
        visit = world.now - timedelta(hours=24 + dice.randrange(36))
        if member := accounts.member_by_handle(person.handle):
            last_visits[str(member.pk)] = visit.isoformat()
    tasks.catch_up.enqueue(last_visits)
