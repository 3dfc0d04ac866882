"""Which backups stay: pruning those whose time is over, and holding some whatever their age."""

import shutil

from django.db import transaction

from guildry.kernel import bus, permissions, text
from guildry.kernel.permissions import Actor
from guildry.ops.backups import events, queries
from guildry.ops.backups.actions.making import _working
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import STATES, State


def prune_backups(actor: Actor, *, reason: str) -> list[Backup]:
    """Delete the backups whose time is over, and the log behind them, and return the backups; raises FolderBusy.

    A backup loses its name first, so that one that was half deleted is never taken for whole.
    """
    permissions.require(actor, "backups.prune")
    with _working():
        gone, _ = queries.to_prune()
        for backup in gone:
            act = bus.Act(reason, subject=f"backup:{backup.name}")
            path = queries.path_of(backup.name)
            doomed = path.with_name(f".pruned-{path.name}")
            if path.exists():
                path.rename(doomed)
            with transaction.atomic():
                STATES.check(backup.state, State.PRUNED)
                backup.state = State.PRUNED
                backup.save()
                bus.publish(events.BackupPruned(backup.pk), actor=actor, act=act)
        for doomed in queries.folder().glob(".pruned-*"):
            shutil.rmtree(doomed)
        for over in queries.log_files_over():
            over.unlink()
    return gone


def hold_backup(actor: Actor, *, backup: Backup, reason: str, is_held: bool = True) -> None:
    """Keep a backup whatever its age, or let it go again with the others."""
    permissions.require(actor, "backups.prune")
    act = bus.Act(reason, subject=f"backup:{backup.name}", before=backup.held, after=is_held)
    with transaction.atomic():
        backup.held = text.clean(reason)[:300] if is_held else ""
        backup.save()
        bus.publish(events.BackupHeld(backup.pk), actor=actor, act=act)
