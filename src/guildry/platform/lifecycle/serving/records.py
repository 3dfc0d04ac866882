"""What runs on a data folder: one small file for each `guildry serve`, locked for as long as it lives."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Record:
    """The file of this process; whoever holds its lock is alive, so a killed one leaves no false trace."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "run" / f"{os.getpid()}.json"
        self.content: dict[str, Any] = {"pid": os.getpid()}
        self._descriptor = -1

    def open(self) -> None:
        """Begin, and clear away what others left that no longer run."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for left in self.path.parent.glob("*.json"):
            if not _is_held(left):
                left.unlink(missing_ok=True)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def note(self, **content: Any) -> None:
        self.content |= content
        if self._descriptor >= 0:
            text = json.dumps(self.content).encode()
            os.pwrite(self._descriptor, text, 0)
            os.ftruncate(self._descriptor, len(text))

    def close(self) -> None:
        """End; the file stays for whoever waits for the result."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def running(folder: Path) -> list[dict[str, Any]]:
    """Return what the living processes on a data folder say of themselves, by process id."""
    return sorted(_living(folder), key=lambda content: int(content["pid"]))


def last_words(folder: Path, pid: int) -> dict[str, Any]:
    """Return what a process, living or not, said last; empty when it left nothing."""
    return _read(folder / "run" / f"{pid}.json")


def is_running(folder: Path, pid: int) -> bool:
    return _is_held(folder / "run" / f"{pid}.json")


def _living(folder: Path) -> Iterator[dict[str, Any]]:
    for path in (folder / "run").glob("*.json"):
        if _is_held(path) and (content := _read(path)):
            yield content


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _read(path: Path) -> dict[str, Any]:
    # A reader may come in the middle of a write.
    for _ in range(20):
        with contextlib.suppress(FileNotFoundError, ValueError):
            return dict(json.loads(path.read_bytes()))
        time.sleep(0.01)
    return {}
