"""What a running process can be told: to stop, to retire, to read its configuration again."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

import structlog
from django.db import connections

from guildry.kernel.points import RELOADS
from guildry.platform.lifecycle.graph import PROCESS
from guildry.platform.lifecycle.rules import RUNNING, Exit, State
from guildry.platform.lifecycle.serving.keepers import Keeper

log = structlog.get_logger("guildry.lifecycle")
# Besides the grace of requests: a job that is finished, and the components that stop after it.
BEYOND_GRACE = 60.0


class Orders:
    """The first order to stop begins the end, a second one is the end; `begin_end` is set by whoever waits for it."""

    def __init__(self, keeper: Keeper, grace: float) -> None:
        self.keeper, self.grace = keeper, grace
        self.is_retired = False
        self.begin_end: Callable[[], None] = lambda: None
        self.pass_on: Callable[[Callable[[], None]], object] = lambda order: order()
        self.handlers: dict[int, Callable[[], None]] = {
            signal.SIGINT: self.stop,
            signal.SIGTERM: self.stop,
            signal.SIGHUP: self.stop if _is_at_terminal() else self.reload,
            signal.SIGUSR2: self.renew,
        }

    def stop(self) -> None:
        if PROCESS.state in RUNNING:
            PROCESS.drain()
            self.keeper.stopping(self.grace + BEYOND_GRACE)
            log.info("stopping")
            self.begin_end()
        else:
            stop_at_once()

    def retire(self) -> None:
        """Leave the socket to the next generation, from any thread."""
        self.pass_on(self._retire)

    def _retire(self) -> None:
        if PROCESS.state in RUNNING:
            self.is_retired = True
            self.stop()

    def reload(self) -> None:
        """Read again what may change while the process runs; what cannot be read leaves everything as it was."""
        threading.Thread(target=self._reload, name="reload", daemon=True).start()

    def renew(self) -> None:
        log.warning("nobody starts a new generation: this process was started with --no-supervisor")

    def _reload(self) -> None:
        self.keeper.reloading()
        for reload in RELOADS:
            try:
                log.info("reloaded", what=reload.name, outcome=reload.run())
            except Exception:
                log.exception("reload failed, nothing changed", what=reload.name)
        connections.close_all()
        self.keeper.reloaded()


def stop_at_the_next_signal() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop_at_once())


def stop_at_once() -> NoReturn:
    """End now: facts and jobs that were on their way are found again by the next process."""
    os.write(2, b"guildry: Stopped at once, at the second signal.\n")
    os._exit(Exit.INCOMPLETE_DRAIN)


def is_stopping() -> bool:
    return PROCESS.state == State.DRAINING


def _is_at_terminal() -> bool:
    """Say whether a hangup means that a terminal was closed, and with it the wish to run."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
