"""What waits, what was done, and what may be undone."""

from guildry.platform.upgrades.queries.drifting import Difference, drift_of_code
from guildry.platform.upgrades.queries.losses import losses
from guildry.platform.upgrades.queries.plans import (
    Irreversible,
    Split,
    UnknownMigration,
    backward_plan,
    holds_data,
    split,
    state_now,
    states_before,
    waits,
    way_to_copy,
)
from guildry.platform.upgrades.queries.readiness import Check, preflight, restore_point
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
    "ChangeNotFound", "Check", "Difference", "Irreversible", "Split", "Standing", "Told", "UnknownMigration",
    "backward_plan", "change_of", "drift_of_code", "has_journal", "holds_data", "journal", "losses", "preflight", "restore_point",
    "split", "standing", "state_now", "states_before", "steps_of", "waits", "way_to_copy",
]  # fmt: skip
