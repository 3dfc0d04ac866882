"""Background work of profiles."""

from typing import Any

from guildry.kernel import bus
from guildry.kernel.permissions import SYSTEM
from guildry.people.profiles import actions


def follow_account(delivery: bus.Delivery) -> None:
    """Keep what a profile repeats of its account in step with it."""
    fact: Any = delivery.fact
    actions.start_profile(SYSTEM, member_id=fact.member_id)


def load_skills() -> None:
    """Bring the table of skills to the shipped version when the process starts."""
    actions.load_skills(SYSTEM)


def nothing_to_stop() -> None:
    """A loaded table needs no ending."""
