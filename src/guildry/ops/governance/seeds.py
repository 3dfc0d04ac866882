"""A queue of data requests as it may look on any morning: thinking over, planned, refused under a hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from guildry.kernel import clock
from guildry.kernel.seeding import World
from guildry.ops.governance import actions, queries
from guildry.people.accounts.queries import members_by_handle

OPERATOR, ADMINISTRATOR = "marguerite", "tendai"
NEEDED = ("gideon", "zuzana", "mireille", "patrik", OPERATOR, ADMINISTRATOR)


def steps(world: World) -> list[Callable[[], None]]:
    """Let a few members ask for the end of their account, and staff look at it."""
    known = members_by_handle(NEEDED)
    if len(known) < len(NEEDED):
        return []
    return [
        partial(_told, moment, act)
        for moment, act in sorted(_story(world.now, known), key=lambda each: each[0])
    ]


def _told(moment: datetime, act: Callable[[], object]) -> None:
    with clock.telling(moment):
        act()


def _story(now: datetime, known: dict[str, Any]) -> list[tuple[datetime, Callable[[], object]]]:
    operator, administrator, held = known[OPERATOR], known[ADMINISTRATOR], known["patrik"]

    def ask(handle: str, wish: str) -> None:
        actions.request_erasure(known[handle], wish=wish)

    def decide(handle: str, act: Any, actor: Any, reason: str) -> None:
        if found := queries.erasure_of(known[handle].pk):
            act(actor, request_id=found.pk, reason=reason)

    review = now.date() + timedelta(days=45)
    hold = partial(
        actions.place_hold, administrator, member_id=held.pk, review_on=review,
        reason="Two members dispute who wrote a workshop plan; a court may ask for the posts.",
    )  # fmt: skip
    return [
        (now - timedelta(days=21, hours=3), hold),
        (now - timedelta(days=19, hours=5), partial(ask, "patrik", "I have moved to another guild.")),
        (
            now - timedelta(days=11, hours=2),
            partial(
                decide, "patrik", actions.refuse_erasure, administrator,
                "A dispute needs your posts until it is settled. Ask again then; we will write to you.",
            ),
        ),
        (now - timedelta(days=13, hours=4), partial(ask, "mireille", "")),
        (
            now - timedelta(days=1, hours=6),
            partial(decide, "mireille", actions.plan_erasure, operator, "Thought over, nothing stands against it"),
        ),
        (now - timedelta(days=9, hours=1), partial(ask, "gideon", "I do not use it any more.")),
        (now - timedelta(days=2, hours=7), partial(ask, "zuzana", "I would rather start afresh some day.")),
        (
            now - timedelta(days=1, hours=2),
            partial(actions.count_retention, operator, reason="To see what the new class would take"),
        ),
    ]  # fmt: skip
