"""Changing what is in force, together or not at all, and following what others changed."""

from guildry.platform.runtime.actions.changes import (
    BadReason,
    ChangesMoved,
    ChangesRefused,
    NothingToChange,
    OwnProposal,
    approve_changes,
    decline_changes,
    propose_changes,
    roll_back,
    withdraw_changes,
)
from guildry.platform.runtime.actions.due import apply_due_changes
from guildry.platform.runtime.actions.following import (
    follow_changes,
    reload,
    start_following,
    stop_following,
    use_what_is_stored,
)
from guildry.platform.runtime.actions.overrides import OverrideUnknown, end_override, override_value
from guildry.platform.runtime.actions.proofs import purge_secrets, reseal_secrets
from guildry.platform.runtime.actions.rotation import SecretPinned, rotate_secret

__all__ = [
    "BadReason", "ChangesMoved", "ChangesRefused", "NothingToChange", "OverrideUnknown", "OwnProposal",
    "SecretPinned", "apply_due_changes", "approve_changes", "decline_changes", "end_override", "follow_changes",
    "override_value", "propose_changes", "purge_secrets", "reload", "reseal_secrets", "roll_back", "rotate_secret",
    "start_following", "stop_following", "use_what_is_stored", "withdraw_changes",
]  # fmt: skip
