"""What is in force and why, what was changed by whom, and whether every process has it."""

from guildry.platform.runtime.queries.history import (
    ChangeSetUnknown,
    Convergence,
    change_set,
    content_of,
    convergence,
    current_version,
    due_ids,
    history,
    stored_at,
    verify_chain,
    waiting,
)
from guildry.platform.runtime.queries.keeping import (
    KeptSecret,
    kept_secrets,
)
from guildry.platform.runtime.queries.layers import (
    Difference,
    Effective,
    Explanation,
    Preview,
    Snapshot,
    active_overrides,
    effective,
    explain,
    explain_all,
    preview,
    snapshot,
)

__all__ = [
    "ChangeSetUnknown",
    "Convergence",
    "Difference",
    "Effective",
    "Explanation",
    "KeptSecret",
    "Preview",
    "Snapshot",
    "active_overrides",
    "change_set",
    "content_of",
    "convergence",
    "current_version",
    "due_ids",
    "effective",
    "explain",
    "explain_all",
    "history",
    "kept_secrets",
    "preview",
    "snapshot",
    "stored_at",
    "verify_chain",
    "waiting",
]
