"""What waits, what was done, and what may be undone."""

from guildry.platform.upgrades.queries.plans import (
    Irreversible,
    Split,
    UnknownMigration,
    backward_plan,
    split,
    states_before,
    waits,
)

__all__ = [
    "Irreversible", "Split", "UnknownMigration", "backward_plan", "split", "states_before", "waits",
]  # fmt: skip
