"""What is done about data: holds and retention, and members' rights to a copy of theirs and to its end."""

from guildry.ops.governance.actions.holding import HoldLifted, ScopeUnclear, lift_hold, place_hold
from guildry.ops.governance.actions.retention import apply_retention, count_retention

__all__ = [
    "HoldLifted",
    "ScopeUnclear",
    "apply_retention",
    "count_retention",
    "lift_hold",
    "place_hold",
]
