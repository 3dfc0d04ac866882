"""What members of the demo community have read; the notifications themselves arise from facts."""

from datetime import timedelta

from guildry.kernel import clock
from guildry.kernel.seeding import World
from guildry.people.accounts import queries as accounts
from guildry.people.notifications import actions, queries


def load(world: World) -> None:
    """Let everybody have read what is older than a day or two, so that the newest waits unread."""
    for person in world.cast:
        member = accounts.member_by_handle(person.handle)
        if member is None:
            continue
        seen_until = world.now - timedelta(hours=8 + world.dice.randrange(40))
        with clock.at(seen_until):
            actions.mark_read(member, notification_ids=queries.unread_before(member, seen_until))
