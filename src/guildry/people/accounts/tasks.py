"""Background work of accounts."""

from typing import cast

from django_tasks import task

from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions, events


def end_sessions(delivery: Delivery) -> None:
    """Sign a suspended member out everywhere."""
    fact = cast(events.MemberSuspended, delivery.fact)
    actions.end_other_sessions(SYSTEM, member_id=fact.member_id)


@task()
def hash_shown_codes() -> int:
    return actions.hash_shown_codes(SYSTEM)
