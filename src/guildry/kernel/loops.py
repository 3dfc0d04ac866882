"""Background threads that look for work when hinted, and now and then by themselves."""

import threading
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections

from guildry.kernel import hints, promptness

log = structlog.get_logger("guildry.loops")
# Loops whose last tick failed; they wait longer and longer.
_failing: "set[Loop]" = set()


def try_again() -> None:
    """Wake the loops that wait after a failure, because what they missed may be back."""
    for loop in _failing.copy():
        loop.wake()


class Loop:
    """Call `tick` until stopped: at once while it returns True, else at the next hint or after `every` seconds.

    A tick that raises is logged and called again after a pause that doubles up to 30 seconds, so a database that
    went away is found again when it comes back. Somebody waits for each tick of a prompt one.
    """

    def __init__(
        self,
        name: str,
        tick: Callable[[], bool],
        *,
        every: float,
        topics: tuple[str, ...] = (),
        is_prompt: bool = False,
    ) -> None:
        self.is_prompt = is_prompt
        self.name, self.tick, self.every, self.topics = name, tick, every, topics
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        self._deaf: list[Callable[[], None]] = []
        self._failure = ""

    def start(self) -> None:
        self._stopping.clear()
        self._deaf = [hints.listen(topic, self.wake) for topic in self.topics]
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        self._awake.set()

    def stop(self) -> None:
        """Finish the running tick and end the thread."""
        self._stopping.set()
        self.wake()
        for stop_listening in self._deaf:
            stop_listening()
        if self._thread:
            self._thread.join()

    def probe(self) -> str:
        """Say that it turns; raises RuntimeError when the thread is gone or its last ticks failed."""
        if not (self._thread and self._thread.is_alive()):
            raise RuntimeError("its thread is gone")
        if self._failure:
            raise RuntimeError(self._failure)
        return "turns"

    def _run(self) -> None:
        if self.is_prompt:
            promptness.enrol()
        failures = 0
        while not self._stopping.is_set():
            self._awake.clear()
            pause = self.every
            try:
                close_old_connections()
                goes_on = self.tick()
                failures, self._failure = 0, ""
                _failing.discard(self)
                if goes_on:
                    continue
            except Exception as error:
                failures, self._failure = failures + 1, f"{type(error).__name__}: {error}"
                pause = min(30.0, self.every * 2**failures)
                _failing.add(self)
                log.exception("background work failed", loop=self.name, retry_in=pause)
            self._awake.wait(pause)
        _failing.discard(self)
        promptness.leave()
        connections.close_all()
