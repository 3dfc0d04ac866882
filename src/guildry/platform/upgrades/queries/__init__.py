"""What waits, what was done, and what may be undone."""

from guildry.platform.upgrades.queries.boards import (
    RESUME,
    Live,
    WayBack,
    copy_to_go_back_to,
    in_use,
    live,
    plan_now,
    steps_shown,
    way_back,
)
from guildry.platform.upgrades.queries.drifting import Difference, drift_of_code
from guildry.platform.upgrades.queries.losing import losses
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
)

__all__ = [
    "RESUME", "ChangeNotFound", "Check", "Difference", "Irreversible", "Live", "Split", "Standing", "Told",
    "UnknownMigration", "WayBack", "backward_plan", "change_of", "copy_to_go_back_to", "drift_of_code", "has_journal",
    "holds_data", "in_use", "journal", "live", "losses", "plan_now", "preflight", "restore_point", "split", "standing",
    "state_now", "states_before", "steps_shown", "waits", "way_back", "way_to_copy",
]  # fmt: skip
