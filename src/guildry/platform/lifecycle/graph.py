"""The parts of the running process: started once in the order of their needs, stopped in reverse."""

import os
import secrets
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any

import structlog
from django.db import connections

from guildry.kernel import clock
from guildry.kernel.points import Component
from guildry.platform.lifecycle.rules import RUNNING, STATES, State

log = structlog.get_logger("guildry.lifecycle")


class StartFailed(Exception):
    """A component did not start; `name` says which one and the cause why."""

    def __init__(self, name: str, cause: BaseException) -> None:
        self.name = name
        super().__init__(f"{name} did not start: {cause!r}")


@dataclass(frozen=True)
class Transition:
    """A step from one state to the next; `reason` names what caused it, such as a dependency."""

    state: State
    at: datetime
    reason: str = ""


class Process:
    """This process: its name, its state, and the components it started."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.history: deque[Transition] = deque([Transition(State.NEW, clock.now())], maxlen=200)
        self.missing: dict[str, str] = {}
        self.roles: frozenset[str] = frozenset()
        self.generation = 1
        self.began_at = clock.present()
        self.listeners: list[Callable[[Transition], None]] = []
        self._started: list[Component] = []
        self._lock = threading.Lock()

    @property
    def state(self) -> State:
        return self.history[-1].state

    @property
    def started(self) -> list[Component]:
        """Return the components that run, in the order they were started."""
        return list(self._started)

    def become(self, state: State, reason: str = "") -> None:
        """Change the state and tell the listeners; raises IllegalTransition for a jump the table does not have."""
        with self._lock:
            self._become(state, reason)

    def weigh(self, state: State, reason: str = "") -> bool:
        """Go to a running state if the process runs in another one, as whoever samples its health does; returns whether it did."""
        with self._lock:
            if self.state not in RUNNING or state not in RUNNING or self.state == state:
                return False
            self._become(state, reason)
            return True

    def _become(self, state: State, reason: str) -> None:
        STATES.check(self.state, state)
        transition = Transition(state, clock.now(), reason)
        self.history.append(transition)
        for listener in self.listeners:
            listener(transition)

    def start(self, components: Iterable[Component], roles: frozenset[str]) -> None:
        """Start the components of these roles, each once; on failure stop them again and raise StartFailed.

        What is not critical may fail: it is kept in `missing` with the reason, and with what needs it, and the process
        is degraded.
        """
        ordered = in_order(components, roles)
        self.roles, self.began_at = roles, clock.present()
        self.missing.clear()
        self.become(State.STARTING)
        for component in ordered:
            try:
                self._start(component)
            except BaseException as cause:
                self._stop_all()
                self.become(State.FAILED, component.name)
                raise StartFailed(component.name, cause) from cause
        names = ", ".join(sorted(self.missing))
        self.become(State.DEGRADED if names else State.READY, names)

    def _start(self, component: Component) -> None:
        try:
            if without := component.needs & self.missing.keys():
                raise RuntimeError(f"needs {', '.join(sorted(without))}")
            _start_in_time(component)
        except Exception as cause:
            if component.critical:
                raise
            log.error("component is missing", component=component.name, exc_info=cause)
            self.missing[component.name] = f"{type(cause).__name__}: {cause}"
        else:
            self._started.append(component)

    def drain(self) -> None:
        """Say that no new work is wanted."""
        self.become(State.DRAINING)

    def stop(self) -> list[str]:
        """Stop everything in reverse and return the names of what did not stop cleanly in its time."""
        failed = self._stop_all()
        self.become(State.FAILED if failed else State.STOPPED, ", ".join(failed))
        return failed

    def _stop_all(self) -> list[str]:
        return [
            component.name for component in iter(self._next_to_stop, None) if not _stops_in_time(component)
        ]

    def _next_to_stop(self) -> Component | None:
        return self._started.pop() if self._started else None


def in_order(components: Iterable[Component], roles: frozenset[str]) -> list[Component]:
    """Return the components of these roles, needs first; raises ValueError for a missing need or a circle.

    A need that plays another role belongs to another process and is not waited for.
    """
    known = {component.name: component for component in components}
    for component in known.values():
        if missing := component.needs - known.keys():
            raise ValueError(f"{component.name} needs {sorted(missing)}, which nobody registered.")
    by_name = {name: component for name, component in known.items() if component.roles & roles}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for component in by_name.values():
        sorter.add(component.name, *sorted(component.needs & by_name.keys()))
    try:
        return [by_name[name] for name in sorter.static_order()]
    except CycleError as error:
        raise ValueError(f"Components need each other in a circle: {' → '.join(error.args[1])}") from error


def _start_in_time(component: Component) -> None:
    failures, thread = _in_thread(component.start, f"start {component.name}", component.start_timeout)
    if thread.is_alive():
        raise TimeoutError(f"not started within {component.start_timeout.total_seconds():g} s")
    if failures:
        raise failures[0]


def _stops_in_time(component: Component) -> bool:
    failures, thread = _in_thread(component.stop, f"stop {component.name}", component.timeout)
    if thread.is_alive():
        log.error("component did not stop in time", component=component.name)
        return False
    if failures:
        log.error("component failed to stop", component=component.name, exc_info=failures[0])
        return False
    return True


def _in_thread(
    work: Callable[[], Any], name: str, timeout: timedelta
) -> tuple[list[BaseException], threading.Thread]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    thread.join(timeout.total_seconds())
    return failures, thread


PROCESS = Process()
