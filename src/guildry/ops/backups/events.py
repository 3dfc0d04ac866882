"""What happens to backups."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class BackupOrdered(Fact):
    backup_id: int


@dataclass(frozen=True)
class BackupMade(Fact):
    """A backup was written, opened to its end and found right."""

    backup_id: int


@dataclass(frozen=True)
class BackupFailed(Fact):
    backup_id: int


@dataclass(frozen=True)
class BackupVerified(Fact):
    """A backup that lay there was proven again; whether it was right stands in its row."""

    backup_id: int


@dataclass(frozen=True)
class DrillFinished(Fact):
    drill_id: int
    backup_id: int


@dataclass(frozen=True)
class BackupPruned(Fact):
    backup_id: int


@dataclass(frozen=True)
class BackupHeld(Fact):
    """Somebody wants a backup to be kept whatever its age, or no longer."""

    backup_id: int


@dataclass(frozen=True)
class DataRestored(Fact):
    """The community goes on from a backup."""

    backup_id: int
