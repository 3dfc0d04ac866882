"""The parent of `guildry serve`: holds the socket and the folder, and runs one generation of the site after the other.

It imports nothing of the site, so that it stays small, starts at once, and can start newer code than its own.
"""

import argparse
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from guildry.platform.lifecycle.rules import RUNNING, Exit, Role, State
from guildry.platform.lifecycle.serving.listening import Refusal, address_of, listener_for
from guildry.platform.lifecycle.serving.lock import FolderLock, Taken
from guildry.platform.lifecycle.serving.records import Record
from guildry.platform.lifecycle.serving.systemd import Notifier

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2, signal.SIGCHLD)
# What was killed a moment ago may still be going.
PATIENCE = 1.0
# How long a new generation has to stay fit before the one before it leaves.
PROBATION = 0.5
LONGEST_PAUSE = 30.0
# Besides the grace: a job that is finished, and the components that stop after it.
BEYOND_GRACE = 60.0


@dataclass(eq=False)
class Generation:
    """One process of the site: `tells` is what it says, and `rein` what holds it, whose end ends it too."""

    number: int
    process: subprocess.Popen[bytes]
    tells: int
    rein: int
    began: float
    state: str = "starting"
    since: float = field(default_factory=time.time)
    reason: str = ""
    open_at: float = float("inf")
    is_retired: bool = False
    cut: list[str] = field(default_factory=list)
    said: bytes = b""

    def shown(self) -> dict[str, Any]:
        place = {"generation": self.number, "pid": self.process.pid, "retired": self.is_retired}
        return place | {"state": self.state, "since": self.since, "reason": self.reason}


class Supervisor:
    """Generations on one socket: at most one serves, one comes, and those before finish what they began."""

    def __init__(
        self, words: list[str], arguments: argparse.Namespace, data: Path, notifier: Notifier
    ) -> None:
        self.words, self.arguments, self.notifier = words, arguments, notifier
        self.lock, self.record = FolderLock(data), Record(data)
        self.generations: list[Generation] = []
        self.current: Generation | None = None
        self.coming: Generation | None = None
        self.stopping = 0
        self.code: int = Exit.CLEAN
        self.number = self.crashes = 0
        self._begin_at: float | None = None
        self._alive_at = 0.0
        self._pending: list[int] = []
        self._selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Serve until told to stop; returns the exit code."""
        try:
            _patiently(lambda: self.lock.take(shared=self.arguments.role != Role.ALL))
            self.listener = _patiently(lambda: listener_for(self.arguments))
            with _signals(self._pending) as wakes:
                self._selector.register(wakes, selectors.EVENT_READ, None)
                return self._run()
        except Taken as error:
            return refuse(Exit.LOCKED, str(error))
        except Refusal as refusal:
            return refuse(refusal.code, str(refusal))
        except OSError as error:
            where = error.filename or self.lock.folder
            return refuse(Exit.CONFIGURATION, f"Cannot write in {where}: {error.strerror or error}.")
        finally:
            self.record.close()
            self.lock.release()

    def _run(self) -> int:
        self.record.open()
        self.record.note(
            role=self.arguments.role, address=address_of(self.listener), began=time.time(), supervised=True
        )
        self._begin()
        while self.generations or (self._begin_at is not None and not self.stopping):
            self._listen()
            self._obey()
            self._reap()
            self._mind_the_clock()
        self._note(code=self.code)
        return self.code

    def _begin(self) -> None:
        """Start the next generation on the same socket."""
        self._begin_at = None
        self.number += 1
        rein, held = os.pipe()
        hears, tells = os.pipe()
        kept = [rein, tells, self.lock.descriptor]
        words = [*self.words, "--supervised", f"{self.number},{rein},{tells},{self.notifier.watchdog:g}"]
        if self.listener is not None:
            kept.append(self.listener.fileno())
            words += ["--fd", str(self.listener.fileno())]
        command = [sys.executable, "-m", "guildry.config", *words]
        # In a group of its own, so that Ctrl-C reaches it through here and once.
        process = subprocess.Popen(command, pass_fds=kept, process_group=0)
        os.close(rein)
        os.close(tells)
        os.set_blocking(hears, False)
        self.coming = Generation(self.number, process, hears, held, time.monotonic())
        self.generations.append(self.coming)
        self._selector.register(hears, selectors.EVENT_READ, self.coming)
        self._note()

    def _listen(self) -> None:
        waiting = self.coming is not None or self._begin_at is not None or self.notifier.watchdog
        for key, _ in self._selector.select(timeout=0.2 if waiting else 5.0):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            else:
                self._hear(key.data)

    def _hear(self, generation: Generation) -> None:
        with contextlib.suppress(BlockingIOError):
            heard = os.read(generation.tells, 65536)
            if not heard:
                self._forget(generation.tells)
            *lines, generation.said = (generation.said + heard).split(b"\n")
            for line in lines:
                self._take(generation, json.loads(line))
        self._note()

    def _forget(self, descriptor: int) -> None:
        with contextlib.suppress(KeyError):
            self._selector.unregister(descriptor)

    def _take(self, generation: Generation, told: dict[str, Any]) -> None:
        if "state" in told:
            generation.state, generation.reason = told["state"], told["reason"]
            generation.since = time.time()
        if "open" in told:
            generation.open_at = time.monotonic()
        generation.cut = told.get("cut", generation.cut)
        if generation is self.current:
            self._pass_on(told)
        elif "open" in told and self.current is None and generation is self.coming:
            self._hand_over(generation)

    def _pass_on(self, told: dict[str, Any]) -> None:
        if "alive" in told:
            self.notifier.alive()
        if "reloaded" in told:
            self.notifier.ready(self._status())
        if "state" in told and not self.stopping:
            self.notifier.status(self._status())

    def _hand_over(self, coming: Generation) -> None:
        before, self.current, self.coming, self.crashes = self.current, coming, None, 0
        self.notifier.ready(self._status())
        if before is not None:
            say(f"Generation {coming.number} serves; generation {before.number} finishes what it began.")
            before.is_retired = True
            with contextlib.suppress(OSError):
                os.write(before.rein, b"retire\n")

    def _obey(self) -> None:
        numbers, self._pending[:] = list(self._pending), []
        for number in numbers:
            if number in (signal.SIGINT, signal.SIGTERM) or (number == signal.SIGHUP and _terminal_is_gone()):
                self._stop()
            elif number == signal.SIGHUP and self.current:
                self.notifier.reloading()
                self.current.process.send_signal(signal.SIGHUP)
            elif number == signal.SIGUSR2:
                self._renew()

    def _renew(self) -> None:
        if self.stopping:
            say("It stops already; no new generation is started.")
        elif self.coming or self._begin_at is not None:
            say("A new generation is on its way already.")
        else:
            self._begin()

    def _stop(self) -> None:
        """Pass a signal on; a generation that was told before takes it as a second one and ends at once."""
        self.stopping += 1
        if self.stopping == 1:
            self.notifier.stopping("Finishing what was begun", self.arguments.grace + BEYOND_GRACE)
        for generation in self.generations:
            if self.stopping > 2:
                generation.process.kill()
            elif self.stopping == 2 or not generation.is_retired:
                generation.process.terminate()

    def _reap(self) -> None:
        for generation in [each for each in self.generations if each.process.poll() is not None]:
            self._hear(generation)
            self.generations.remove(generation)
            self._forget(generation.tells)
            os.close(generation.tells)
            os.close(generation.rein)
            self._bury(generation, generation.process.returncode)
            self._note()

    def _bury(self, generation: Generation, code: int) -> None:
        if generation is self.current:
            self.current = None
            self._after_current(generation, code)
        elif generation is self.coming:
            self.coming = None
            self._after_coming(generation, code)
        elif code:
            say(
                f"Generation {generation.number} ended with {code}: {', '.join(generation.cut) or 'at once'}."
            )
            self.record.note(incomplete={"generation": generation.number, "cut": generation.cut})

    def _after_current(self, generation: Generation, code: int) -> None:
        if self.stopping:
            self.code = Exit.INCOMPLETE_DRAIN if code < 0 else code
            self.record.note(cut=generation.cut)
            return
        if self.coming is None:
            self._begin_again(f"Generation {generation.number} ended unexpectedly with {code}")

    def _after_coming(self, generation: Generation, code: int) -> None:
        self.record.note(failed={"generation": generation.number, "code": code})
        if self.stopping:
            if generation.number == 1:
                self.code = refuse(Exit.FAILED, "Stopped before the start was complete.")
        elif self.current:
            say(
                f"Generation {generation.number} did not become ready and ended with {code}; "
                f"generation {self.current.number} goes on."
            )
        elif self.crashes:
            self._begin_again(f"Generation {generation.number} did not become ready and ended with {code}")
        else:
            self.code = Exit.FAILED if code < 0 else code

    def _begin_again(self, what: str) -> None:
        pause = min(LONGEST_PAUSE, 0.1 * 2**self.crashes)
        self.crashes += 1
        say(f"{what}; the next one is started in {pause:g} s.")
        self._begin_at = time.monotonic() + pause

    def _mind_the_clock(self) -> None:
        now = time.monotonic()
        if self._begin_at is not None and now >= self._begin_at and not self.stopping:
            self._begin()
        if self.coming and self.current:
            self._examine(self.coming, now)
        if (
            self.notifier.watchdog
            and self.current is None
            and now - self._alive_at > self.notifier.watchdog / 4
        ):
            # A start may take as long as it takes; from then on the site itself says that it lives.
            self.notifier.alive()
            self._alive_at = now

    def _examine(self, coming: Generation, now: float) -> None:
        """Let a new generation serve alone once it has proved fit, and end it when that takes too long."""
        if now - coming.open_at > PROBATION and _is_fit(coming.state):
            self._hand_over(coming)
            self._note()
        elif now - coming.began > self.arguments.ready_within:
            say(f"Generation {coming.number} was not ready in time.")
            coming.process.kill()
            coming.began = float("inf")

    def _status(self) -> str:
        serving = self.current
        if serving is None:
            return "Starting"
        reason = f" ({serving.reason})" if serving.reason else ""
        return f"Generation {serving.number} is {serving.state}{reason}"

    def _note(self, **content: Any) -> None:
        generation = self.current.number if self.current else 0
        processes = [each.shown() for each in self.generations]
        self.record.note(generation=generation, processes=processes, **content)


def supervise(words: list[str], arguments: argparse.Namespace, data: Path, notifier: Notifier) -> int:
    """Run `guildry serve` with these words; returns the exit code."""
    return Supervisor(words, arguments, data, notifier).run()


def say(message: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"guildry: {message}\n")
    sys.stderr.flush()


def refuse(code: Exit, message: str) -> Exit:
    say(message)
    return code


def _is_fit(state: str) -> bool:
    return state in RUNNING and state != State.NOT_READY


def _terminal_is_gone() -> bool:
    """Say whether a hangup means that: whoever runs the site in a terminal and closes it wants it to end."""
    return _at_terminal


_at_terminal = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def _patiently(attempt: Callable[[], Any]) -> Any:
    """Try again for a moment: what was killed just now lets go of the folder and the port when it is gone."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except (Taken, Refusal):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def _signals(pending: list[int]) -> Iterator[int]:
    """Note signals in order and wake whoever selects on the descriptor."""

    def note(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            pending.append(number)

    wakes, woken = os.pipe()
    for descriptor in (wakes, woken):
        os.set_blocking(descriptor, False)
    before = {number: signal.signal(number, note) for number in SIGNALS}
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    try:
        yield wakes
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(wakes)
        os.close(woken)
