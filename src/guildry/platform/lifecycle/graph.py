"""The parts of the running process: started once in the order of their needs, stopped in reverse."""

import os
import secrets
import socket
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter

import structlog

from guildry.kernel import clock
from guildry.kernel.points import Component
from guildry.platform.lifecycle.rules import STATES, State

log = structlog.get_logger("guildry.lifecycle")


class StartFailed(Exception):
    """A component did not start; `name` says which one and the cause why."""

    def __init__(self, name: str, cause: BaseException) -> None:
        self.name = name
        super().__init__(f"{name} did not start: {cause!r}")


@dataclass(frozen=True)
class Transition:
    state: State
    at: datetime


class Process:
    """This process: its name, its state, and the components it started."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.history: deque[Transition] = deque([Transition(State.NEW, clock.now())], maxlen=200)
        self._started: list[Component] = []

    @property
    def state(self) -> State:
        return self.history[-1].state

    def become(self, state: State) -> None:
        """Change the state; raises IllegalTransition for a jump the table does not have."""
        STATES.check(self.state, state)
        self.history.append(Transition(state, clock.now()))

    def start(self, components: Iterable[Component], roles: frozenset[str]) -> None:
        """Start the components of these roles, each once; on failure stop them again and raise StartFailed."""
        ordered = in_order(components, roles)
        self.become(State.STARTING)
        for component in ordered:
            try:
                component.start()
            except BaseException as cause:
                self._stop_all()
                self.become(State.FAILED)
                raise StartFailed(component.name, cause) from cause
            self._started.append(component)
        self.become(State.READY)

    def drain(self) -> None:
        """Say that no new work is wanted."""
        self.become(State.DRAINING)

    def stop(self) -> list[str]:
        """Stop everything in reverse and return the names of what did not stop cleanly in its time."""
        failed = self._stop_all()
        self.become(State.FAILED if failed else State.STOPPED)
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


def _stops_in_time(component: Component) -> bool:
    failures: list[BaseException] = []

    def stop() -> None:
        try:
            component.stop()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=stop, name=f"stop {component.name}", daemon=True)
    thread.start()
    thread.join(component.timeout.total_seconds())
    if thread.is_alive():
        log.error("component did not stop in time", component=component.name)
        return False
    if failures:
        log.error("component failed to stop", component=component.name, exc_info=failures[0])
        return False
    return True


PROCESS = Process()
