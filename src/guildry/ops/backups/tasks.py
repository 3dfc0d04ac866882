"""Background work of backups: noticing what is due, and having a process of its own do it."""

import os
import subprocess
import sys
from collections.abc import Callable

import structlog
from django.conf import settings

from guildry.kernel.permissions import SYSTEM
from guildry.ops.backups import actions, queries
from guildry.platform.lifecycle.actions import Leadership

LEASE = 60.0
GENTLY = 5
SCHEDULED = "Due by the schedule."
log = structlog.get_logger("guildry.backups")


def run_next() -> int:
    """Make the next ordered backup, rehearse it when that is wanted or due, and prune; returns how many were made."""
    backup = queries.next_ordered()
    if backup is None:
        return 0
    wants_drill = backup.wants_drill or queries.what_is_due().drill
    keys = queries.passing_keys()
    actions.make_backup(SYSTEM, backup=backup, identities=keys)
    if wants_drill:
        actions.drill_backup(SYSTEM, backup=backup, identities=list(keys), reason=backup.reason)
    actions.prune_backups(SYSTEM, reason="Retention as it is set.")
    return 1


def order_due() -> bool:
    """Order a backup when the clock asks for one; returns whether it did."""
    due = queries.what_is_due()
    if due.backup or due.drill:
        actions.order_backup(SYSTEM, reason=SCHEDULED, wants_drill=due.drill)
    return due.backup or due.drill


class Keeper:
    """Has what is due, or was ordered, done by another process, so that neither pages nor jobs wait for it."""

    def __init__(self, leadership: Leadership | None = None) -> None:
        self._leadership = leadership or Leadership("backups", LEASE)
        self._child: subprocess.Popen[bytes] | None = None

    def tick(self) -> bool:
        """Do one thing if there is one; returns whether there may be more."""
        if not self._leadership.holds():
            return False
        actions.record_restore(SYSTEM)
        if queries.next_ordered() is None and not order_due():
            return False
        return self._run(self._leadership.holds) == 0

    def stop(self, *, then: Callable[[], None]) -> None:
        """End the process at work, then whatever waits for it; what it had begun is cleared away by the next one."""
        if self._child:
            self._child.terminate()
        then()

    def _run(self, meanwhile: Callable[[], bool]) -> int:
        command = [sys.executable, "-m", "guildry.config", "backup", "run", "--data", str(settings.DATA_DIR)]
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        os.setpriority(os.PRIO_PROCESS, self._child.pid, GENTLY)
        try:
            while True:
                try:
                    return self._child.wait(LEASE / 6)
                except subprocess.TimeoutExpired:
                    meanwhile()
        finally:
            self._child = None
