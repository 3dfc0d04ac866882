"""What is done about data: holds and retention, and members' rights to a copy of theirs and to its end."""

from guildry.ops.governance.actions.copies import (
    CopyGone,
    CopyWaiting,
    collect_copy,
    expire_copies,
    forget_copies,
    make_copy,
    request_copy,
)
from guildry.ops.governance.actions.holding import HoldLifted, ScopeUnclear, lift_hold, place_hold
from guildry.ops.governance.actions.retention import apply_retention, count_retention

__all__ = [
    "CopyGone",
    "CopyWaiting",
    "HoldLifted",
    "ScopeUnclear",
    "apply_retention",
    "collect_copy",
    "count_retention",
    "expire_copies",
    "forget_copies",
    "lift_hold",
    "make_copy",
    "place_hold",
    "request_copy",
]
