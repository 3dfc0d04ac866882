"""The lock on the data folder: one embedded community, or several processes of a distributed one."""

import fcntl
import os
from pathlib import Path


class Taken(Exception):
    """Another process holds the folder; `pid` is its id, 0 when it is not known."""

    def __init__(self, folder: Path, pid: int) -> None:
        self.folder, self.pid = folder, pid
        holder = f"process {pid}" if pid else "another process"
        super().__init__(
            f"{folder} is in use by {holder}. Stop it first, or choose another folder with --data."
        )


class FolderLock:
    """An advisory lock that the system lifts when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "guildry.pid"
        self._descriptor = -1

    def take(self, *, shared: bool) -> None:
        """Take the folder, alone or together with others that share it; raises Taken."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = self._written_pid()
            self.release()
            raise Taken(self.folder, pid) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)

    @property
    def descriptor(self) -> int:
        """Return what a child has to inherit to hold the folder too."""
        return self._descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _written_pid(self) -> int:
        text = os.pread(self._descriptor, 20, 0).decode("ascii", "replace")
        return int(text) if text.isdecimal() else 0
