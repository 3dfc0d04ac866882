"""Background work of backups: noticing what is due, and having a process of its own do it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import connection

from guildry.kernel.permissions import SYSTEM
from guildry.ops.backups import actions, engines, queries
from guildry.platform.lifecycle.actions import Leadership

LEASE = 60.0
GENTLY = 5
SCHEDULED = "Due by the schedule."
BASE = "What is written between backups is kept anew, and needs one to begin with."
# How long the first backup of a process waits for the log, so that it can be gone on from.
FOR_THE_LOG = 60.0
STEADY, LONGEST_PAUSE = 60.0, 300.0
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
        return True
    if queries.wants_base():
        actions.order_backup(SYSTEM, reason=BASE)
        return True
    return False


def finish_restore() -> None:
    """Let nobody in before what has to be done again after a restore is done; raises NotDoneAgain."""
    actions.record_restore(SYSTEM)


def nothing() -> None:
    """There is nothing to stop."""


class Keeper:
    """Has what is due, or was ordered, done by another process, so that neither pages nor jobs wait for it."""

    def __init__(self, leadership: Leadership | None = None) -> None:
        self._leadership = leadership or Leadership("backups", LEASE)
        self._child: subprocess.Popen[bytes] | None = None
        self._waits_until = time.monotonic() + FOR_THE_LOG

    def tick(self) -> bool:
        """Do one thing if there is one; returns whether there may be more."""
        if not self._leadership.holds():
            return False
        actions.record_restore(SYSTEM)
        if queries.next_ordered() is None and (self._waits_for_log() or not order_due()):
            return False
        return self._run(self._leadership.holds) == 0

    def stop(self, *, then: Callable[[], None]) -> None:
        """End the process at work, then whatever waits for it; what it had begun is cleared away by the next one."""
        if self._child:
            self._child.terminate()
        then()

    def _waits_for_log(self) -> bool:
        is_kept = queries.kept_since() is not None or not queries.is_log_wanted()
        return not is_kept and time.monotonic() < self._waits_until

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


class LogKeeper:
    """Has another process keep what the database writes between backups, and begin again when it ended.

    Its input is a pipe from here: when that closes, for whatever reason, it keeps the rest and ends.
    """

    def __init__(self, leadership: Leadership | None = None) -> None:
        self._leadership = leadership or Leadership(queries.LOG_LEASE, LEASE)
        self._child: subprocess.Popen[bytes] | None = None
        self._means: tuple[object, ...] = ()
        self._hold: engines.Hold | None = None
        self._renewed_at = queries.NEVER
        self._failures, self._began_at, self._not_before, self._held_at = 0, 0.0, 0.0, 0.0

    def tick(self) -> bool:
        """See that it is kept as it is set; there is never more to do at once."""
        is_wanted = queries.is_log_wanted() and self._leadership.holds()
        means = (queries.current_recipients(), queries.folder())
        if self._child and self._child.poll() is not None:
            self._buried()
        if self._child and (not is_wanted or means != self._means):
            self._let_end()
        if is_wanted and self._child is None and time.monotonic() >= self._not_before:
            self._begin(means)
        self._hold_on(is_wanted)
        return False

    def stop(self, *, then: Callable[[], None]) -> None:
        """Leave it to keep what is written until this process has ended, which closes the pipe."""
        then()
        self._let_go()
        self._leadership.resign()

    def _begin(self, means: tuple[object, ...]) -> None:
        command = [sys.executable, "-m", "guildry.config", "backup", "log", "--data", str(settings.DATA_DIR)]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        self._means, self._began_at = means, time.monotonic()

    def _buried(self) -> None:
        """Wait longer and longer before it begins again, unless it went well for a while."""
        is_steady = time.monotonic() - self._began_at > STEADY
        self._failures = 0 if is_steady else self._failures + 1
        self._not_before = time.monotonic() + min(LONGEST_PAUSE, 2.0**self._failures - 1)
        self._let_end()

    def _hold_on(self, is_wanted: bool) -> None:
        """Keep what nobody read yet from being overwritten, but not for so long that it would fill the disk."""
        if not is_wanted or (self._hold and time.monotonic() - self._held_at > FOR_THE_LOG):
            self._let_go()
        elif (at := queries.kept_at()) > self._renewed_at:
            self._hold = self._hold or engines.engine_of(connection.vendor).hold()
            self._held_at, self._renewed_at = time.monotonic(), at
            self._hold.renew()

    def _let_go(self) -> None:
        if self._hold:
            self._hold.close()
        self._hold = None

    def _let_end(self) -> None:
        if self._child and self._child.stdin:
            self._child.stdin.close()
        self._child = None
