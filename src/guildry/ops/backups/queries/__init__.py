"""Looking at backups: those on record, those that lie in the folder, and whether one is right."""

from guildry.ops.backups.queries.comparison import compare_tables, missing_or_changed_media
from guildry.ops.backups.queries.looking import smoke
from guildry.ops.backups.queries.records import (
    BackupNotFound,
    backup_called,
    backup_shown,
    drills_of,
    health,
    interrupted,
    keeping,
    last_drill,
    newest_verified,
    next_ordered,
    on_record,
    restore_point,
    to_prune,
    what_is_due,
)  # fmt: skip
from guildry.ops.backups.queries.setup import (
    SETTINGS,
    current_recipients,
    folder,
    identities_of,
    known_signers,
    manifest_at,
    passing_keys,
    path_of,
    work_folder,
)  # fmt: skip
from guildry.ops.backups.queries.verification import examined

__all__ = [
    "SETTINGS", "BackupNotFound", "backup_called", "backup_shown", "compare_tables", "current_recipients", "drills_of",
    "examined", "folder", "health", "identities_of", "interrupted", "keeping", "known_signers", "last_drill",
    "manifest_at", "missing_or_changed_media", "newest_verified", "next_ordered", "on_record", "passing_keys", "path_of", "restore_point", "smoke", "to_prune",
    "what_is_due", "work_folder",
]  # fmt: skip
