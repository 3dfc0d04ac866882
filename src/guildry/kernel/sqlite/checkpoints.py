"""Bringing what the journal holds into the database file, beside the writers, who then need not wait for the disk."""

import os
import time

from django.db import connections, transaction

from guildry.kernel.loops import Loop

# In bytes and seconds. The settings have writers do it themselves once the journal is more than twice as large.
LARGE, LONGEST_WAIT = 32 * 1024 * 1024, 300.0


class Checkpointer:
    """One thread for a process that stays.

    SQLite's own way is a checkpoint inside whichever commit comes after a thousand pages, and inside every commit
    from there on while somebody reads: each then waits for the disk twice, which may be seconds, with all other
    writers behind it. After a checkpoint one more write begins the journal anew and waits for the disk as well; it is
    made here, in a transaction that nobody waits for.
    """

    def __init__(self, alias: str = "default", *, every: float = 1.0) -> None:
        self._alias = alias
        self._left = 0
        self._done_at = time.monotonic()
        self._loop = Loop("sqlite checkpoints", self.look, every=every)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def look(self) -> bool:
        """Checkpoint a journal that became large or has waited long enough."""
        size = self._size()
        is_due = size != self._left and time.monotonic() - self._done_at >= LONGEST_WAIT
        if size >= LARGE or is_due:
            self.checkpoint()
        return False

    def checkpoint(self) -> bool:
        """Do it now; returns whether all was brought over and the journal begun anew."""
        with connections[self._alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            _, pages, moved = cursor.fetchone()
        if is_whole := 0 <= pages == moved:
            self._begin_anew()
        self._left, self._done_at = self._size(), time.monotonic()
        return is_whole

    def _begin_anew(self) -> None:
        with transaction.atomic(using=self._alias), connections[self._alias].cursor() as cursor:
            cursor.execute("PRAGMA user_version")
            (version,) = cursor.fetchone()
            # A write of what is there already, in the one page that every database has.
            cursor.execute(f"PRAGMA user_version = {version}")

    def _size(self) -> int:
        try:
            return os.stat(f"{connections[self._alias].settings_dict['NAME']}-wal").st_size
        except FileNotFoundError:
            return 0
