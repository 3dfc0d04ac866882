"""What waits, what was done, and what may be undone."""

from guildry.platform.upgrades.queries.plans import (
    Irreversible,
    Split,
    UnknownMigration,
    backward_plan,
    split,
    state_now,
    states_before,
    waits,
)
from guildry.platform.upgrades.queries.standings import (
    ChangeNotFound,
    Standing,
    Told,
    change_of,
    has_journal,
    journal,
    standing,
    steps_of,
)

__all__ = [
    "ChangeNotFound", "Irreversible", "Split", "Standing", "Told", "UnknownMigration", "backward_plan", "change_of",
    "has_journal", "journal", "split", "standing", "state_now", "states_before", "steps_of", "waits",
]  # fmt: skip
