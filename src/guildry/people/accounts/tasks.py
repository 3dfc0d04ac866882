"""Background work of accounts."""

from typing import cast

from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, events


def end_sessions(delivery: Delivery) -> None:
    """Sign a suspended member out everywhere."""
    fact = cast(events.MemberSuspended, delivery.fact)
    actions.end_other_sessions(SYSTEM, member_id=fact.member_id)
