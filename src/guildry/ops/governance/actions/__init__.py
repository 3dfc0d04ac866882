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
from guildry.ops.governance.actions.erasing import StillFound, carry_out, erase_again
from guildry.ops.governance.actions.erasures import (
    ErasureWaiting,
    Held,
    SecondPersonNeeded,
    StaffStays,
    StillCooling,
    TooLate,
    approve_erasure,
    cancel_erasure,
    plan_erasure,
    refuse_erasure,
    request_erasure,
)
from guildry.ops.governance.actions.holding import HoldLifted, ScopeUnclear, lift_hold, place_hold
from guildry.ops.governance.actions.retention import apply_retention, count_retention

__all__ = [
    "CopyGone",
    "CopyWaiting",
    "ErasureWaiting",
    "Held",
    "HoldLifted",
    "ScopeUnclear",
    "SecondPersonNeeded",
    "StaffStays",
    "StillCooling",
    "StillFound",
    "TooLate",
    "apply_retention",
    "approve_erasure",
    "cancel_erasure",
    "carry_out",
    "collect_copy",
    "count_retention",
    "erase_again",
    "expire_copies",
    "forget_copies",
    "lift_hold",
    "make_copy",
    "place_hold",
    "plan_erasure",
    "refuse_erasure",
    "request_copy",
    "request_erasure",
]
