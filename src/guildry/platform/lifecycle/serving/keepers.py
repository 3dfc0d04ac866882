"""Who looks after this process and hears how it is doing: a supervisor, or systemd and the record directly."""

import argparse
import json
import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from guildry.platform.lifecycle.graph import PROCESS, Transition
from guildry.platform.lifecycle.rules import Exit
from guildry.platform.lifecycle.serving.lock import FolderLock
from guildry.platform.lifecycle.serving.records import Record
from guildry.platform.lifecycle.serving.systemd import Notifier


class Keeper(Protocol):
    """`begin` comes first and `end` last; the rest may come from any thread. `number` is that of the generation."""

    number: int

    def begin(self, retire: Callable[[], None]) -> None: ...
    def opened(self, address: str) -> None: ...
    def alive(self) -> None: ...
    def stopping(self, seconds: float) -> None: ...
    def reloading(self) -> None: ...
    def reloaded(self) -> None: ...
    def ended(self, code: int, cut: list[str]) -> None: ...
    def end(self) -> None: ...


class Alone:
    """Nobody above: this process holds the folder, writes its record and speaks to systemd itself."""

    def __init__(self, role: str, notifier: Notifier, *, shared: bool) -> None:
        self.lock, self.record, self.notifier = (
            FolderLock(settings.DATA_DIR),
            Record(settings.DATA_DIR),
            notifier,
        )
        self._role, self._shared, self._alive_at, self.number = role, shared, 0.0, 1

    def begin(self, retire: Callable[[], None]) -> None:
        """Take the folder; raises Taken."""
        self.lock.take(shared=self._shared)
        self.record.open()
        self.record.note(role=self._role, address="", generation=1, began=time.time(), supervised=False)
        PROCESS.listeners.append(self._changed)

    def opened(self, address: str) -> None:
        self.record.note(address=address)
        self.notifier.ready(self._status())

    def alive(self) -> None:
        if self.notifier.watchdog and time.monotonic() - self._alive_at > self.notifier.watchdog / 4:
            self._alive_at = time.monotonic()
            self.notifier.alive()

    def stopping(self, seconds: float) -> None:
        self.notifier.stopping("Finishing what was begun", seconds)

    def reloading(self) -> None:
        self.notifier.reloading()

    def reloaded(self) -> None:
        self.notifier.ready(self._status())

    def ended(self, code: int, cut: list[str]) -> None:
        self.record.note(code=code, cut=cut)

    def end(self) -> None:
        if self._changed in PROCESS.listeners:
            PROCESS.listeners.remove(self._changed)
        self.record.close()
        self.lock.release()

    def _changed(self, transition: Transition) -> None:
        place = {"generation": 1, "pid": os.getpid(), "retired": False}
        told = {"state": transition.state, "since": transition.at.timestamp(), "reason": transition.reason}
        self.record.note(processes=[place | told])
        self.notifier.status(self._status())

    def _status(self) -> str:
        last = PROCESS.history[-1]
        return f"The site is {last.state}" + (f" ({last.reason})" if last.reason else "")


class Supervised:
    """Tells the supervisor through one pipe; the end of the other is the end of the supervisor, and of this process."""

    def __init__(self, given: str) -> None:
        number, rein, tells, watchdog = given.split(",")
        self.number, self._rein, self._tells, self._watchdog = (
            int(number),
            int(rein),
            int(tells),
            float(watchdog),
        )
        self._alive_at = 0.0
        for descriptor in (self._rein, self._tells):
            os.set_inheritable(descriptor, False)

    def begin(self, retire: Callable[[], None]) -> None:
        PROCESS.listeners.append(self._changed)
        threading.Thread(target=self._obey, args=(retire,), name="supervisor", daemon=True).start()

    def opened(self, address: str) -> None:
        self._tell(open=address)

    def alive(self) -> None:
        if self._watchdog and time.monotonic() - self._alive_at > self._watchdog / 4:
            self._alive_at = time.monotonic()
            self._tell(alive=True)

    def stopping(self, seconds: float) -> None:
        return

    def reloading(self) -> None:
        return

    def reloaded(self) -> None:
        self._tell(reloaded=True)

    def ended(self, code: int, cut: list[str]) -> None:
        self._tell(cut=cut)

    def end(self) -> None:
        return

    def _changed(self, transition: Transition) -> None:
        self._tell(state=transition.state, reason=transition.reason)

    def _tell(self, **what: object) -> None:
        os.write(self._tells, json.dumps(what).encode() + b"\n")

    def _obey(self, retire: Callable[[], None]) -> None:
        while told := os.read(self._rein, 64):
            if b"retire" in told:
                retire()
        os.write(2, b"guildry: Stopped at once, because the supervisor is gone.\n")
        os._exit(Exit.INCOMPLETE_DRAIN)


def keeper_for(arguments: argparse.Namespace, *, shared: bool) -> Keeper:
    if arguments.supervised:
        return Supervised(arguments.supervised)
    return Alone(arguments.role, arguments.notifier, shared=shared)
