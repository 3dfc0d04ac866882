"""What members of the demo community have read; the notifications themselves arise from facts."""

from datetime import timedelta

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.seeding import World
from guildry.people.accounts import queries as accounts
from guildry.people.notifications import actions, queries
from guildry.platform.facts import actions as facts


def load(world: World) -> None:
    """Let what happened reach everybody, and all but the newest be read."""
    facts.deliver_pending(SYSTEM)
    for person in world.cast:
        member = accounts.member_by_handle(person.handle)
        if member is None:
            continue
        seen_until = world.now - timedelta(hours=24 + world.dice.randrange(36))
        with clock.at(seen_until):
            actions.mark_read(member, notification_ids=queries.unread_before(member, seen_until))
