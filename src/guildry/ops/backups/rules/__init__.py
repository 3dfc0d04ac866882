"""What can be wrong with a backup, what may become of it, and which ones are kept."""

from guildry.ops.backups.rules.findings import Finding, Kind, Report, told
from guildry.ops.backups.rules.retention import Candidate, Keeping, kept
from guildry.ops.backups.rules.states import (
    MANY_ENOUGH,
    STATES,
    State,
    is_due,
    is_stale,
    name_of,
    recipients_refusal,
    words_for,
)  # fmt: skip

__all__ = [
    "MANY_ENOUGH", "STATES", "Candidate", "Finding", "Keeping", "Kind", "Report", "State", "is_due", "is_stale", "kept",
    "name_of", "recipients_refusal", "told", "words_for",
]  # fmt: skip
