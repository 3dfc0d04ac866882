"""Ordering, making, proving, rehearsing, dropping and restoring backups."""

from guildry.ops.backups.actions.following import LogBusy, follow_log
from guildry.ops.backups.actions.keeping import hold_backup, prune_backups
from guildry.ops.backups.actions.making import (
    ORDERED,
    BackupFailed,
    FolderBusy,
    NoRecipients,
    adopt_folder,
    drop_leftovers,
    make_backup,
    order_backup,
)  # fmt: skip
from guildry.ops.backups.actions.proving import drill_backup, verify_backup
from guildry.ops.backups.actions.restoring import (
    AnotherEngine,
    NotDoneAgain,
    NotRight,
    Restored,
    SiteRuns,
    record_restore,
    restore_backup,
)  # fmt: skip

__all__ = [
    "ORDERED", "AnotherEngine", "BackupFailed", "FolderBusy", "LogBusy", "NoRecipients", "NotDoneAgain", "NotRight",
    "Restored", "SiteRuns", "adopt_folder", "drill_backup", "drop_leftovers", "follow_log", "hold_backup", "make_backup", "order_backup", "prune_backups", "record_restore", "restore_backup", "verify_backup",
]  # fmt: skip
