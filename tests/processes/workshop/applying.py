"""Changing the configuration and being killed after each statement in turn, by a child process a time."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import serializers
from django.db import connection, connections

from guildry.kernel import runtime
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts.models import StoredFact
from guildry.platform.runtime import actions as configuration
from guildry.platform.runtime import queries
from guildry.platform.runtime.models import Change, ChangeSet, Head, Override, Stored
from tests.processes.workshop.rules import DRAFTS, POSTS, TRIES, WATCHED

Act = Callable[[], object]
MOST_STATEMENTS = 200


def acts() -> dict[str, Act]:
    """Return every way in which a version comes about, in an order in which each changes something."""
    return {
        "change": lambda: propose({DRAFTS: "101", POSTS: "21"}),
        "override": lambda: configuration.override_value(
            SYSTEM, key=DRAFTS, text="111", lifetime=timedelta(hours=1), reason="It burns."
        ),
        "rollback": lambda: configuration.roll_back(SYSTEM, version=0, reason="As it was."),
        "approval": lambda: configuration.approve_changes(SYSTEM, change_set_id=_of_somebody()),
    }


def propose(changes: dict[str, str | None]) -> ChangeSet:
    return configuration.propose_changes(SYSTEM, changes=changes, reason="It was asked for.")


def propose_for_two() -> None:
    """Leave a change that waits for somebody else than the member who is said to have asked for it."""
    row = propose({TRIES: "9"})
    ChangeSet.objects.filter(pk=row.pk).update(actor_id=1)


def sweep() -> dict[str, dict[str, int]]:
    """Kill each act after its first statement, its second and so on, until one outlives its commit."""
    propose_for_two()
    return {name: _sweep(act) for name, act in acts().items()}


def apply_haltingly(statement: int) -> str:
    """Change two keys, and after a statement wait until a file says to go on; returns what became of it."""
    halt = Counting(statement, _wait_for_leave)
    with connection.execute_wrapper(halt):
        try:
            propose({DRAFTS: "101", POSTS: "21"})
        except Exception as error:
            return type(error).__name__
    return "applied"


def what_is_stored() -> dict[str, Any]:
    """Return all that a version consists of, and how many facts tell of it."""
    rows = [
        row for model in (Head, ChangeSet, Change, Stored, Override) for row in model.objects.order_by("pk")
    ]
    return {
        "rows": serializers.serialize("json", rows),
        "facts": StoredFact.objects.filter(name__startswith="runtime.").count(),
        "version": queries.current_version(),
        "values": values(queries.effective(queries.snapshot()).values),
        "damage": str(queries.verify_chain()[1] or ""),
    }


def values(given: Any) -> list[Any]:
    return [given[key] for key in WATCHED]


def values_in_force() -> list[Any]:
    return [runtime.value(key) for key in WATCHED]


class Counting:
    """Sees every statement of a connection, and its commits, and does something after one of them."""

    def __init__(self, number: int, then: Callable[[], None]) -> None:
        self.left, self.then = number, then

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        answer = execute(*statement)
        self.count()
        return answer

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.then()


def _sweep(act: Act) -> dict[str, int]:
    before = what_is_stored()
    for statement in range(1, MOST_STATEMENTS):
        _be_killed(act, statement)
        after = what_is_stored()
        assert not after["damage"], after["damage"]
        if after != before:
            assert after["version"] == before["version"] + 1, "one version more"
            assert after["facts"] == before["facts"] + 1, "one fact more"
            return {"killed": statement, "left as it was": statement - 1, "version": after["version"]}
    raise AssertionError("No statement was the last one.")


def _be_killed(act: Act, statement: int) -> None:
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            _act_until(act, statement)
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"It ended with {status} before statement {statement}."


def _act_until(act: Act, statement: int) -> None:
    """Act in a process that dies after a statement, or right after the commit and before anybody is told."""
    counting = Counting(statement, lambda: os.kill(os.getpid(), signal.SIGKILL))
    commit = connection._commit

    def commit_and_count() -> None:
        commit()
        counting.count()

    connection._commit = commit_and_count  # type: ignore[method-assign]
    with connection.execute_wrapper(counting):
        act()


def _of_somebody() -> int:
    return ChangeSet.objects.get(state=ChangeSet.State.WAITING).pk


def _wait_for_leave() -> None:
    (settings.DATA_DIR / "halted.txt").write_text("here")
    while (settings.DATA_DIR / "halted.txt").exists():
        time.sleep(0.02)
