"""A process says what it is, what it lacks, and what of it is probed."""

from collections.abc import Iterator

import pytest

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import Component
from guildry.platform.lifecycle import actions, queries
from guildry.platform.lifecycle.graph import Process
from guildry.platform.lifecycle.models import RunningProcess
from guildry.platform.lifecycle.rules import (
    EVERYTHING,
    FORGOTTEN_AFTER,
    SILENT_AFTER,
    State,
    parts_of,
    role_of,
)

WEB = frozenset({"web"})


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A process of its own in the place of this one."""
    own = Process()
    for module in (queries, actions):
        monkeypatch.setattr(module, "PROCESS", own)
    yield own
    if own.state in ("ready", "degraded", "not ready"):
        own.drain()
        own.stop()


def fail() -> None:
    raise OSError("no route")


def nothing() -> None:
    return


def test_components_with_a_probe_are_health_checks_while_they_run(process: Process) -> None:
    before = queries.component_checks()

    process.start(
        [
            Component("a", nothing, nothing, probe=lambda: "fine"),
            Component("b", nothing, nothing, probe=lambda: "fine", critical=False),
            Component("c", nothing, nothing),
            Component("d", fail, nothing, probe=lambda: "fine", critical=False),
        ],
        WEB,
    )

    assert before == []
    assert [(check.name, check.critical) for check in queries.component_checks()] == [
        ("a", True),
        ("b", False),
    ]
    assert queries.missing() == {"d": "OSError: no route"}


def test_a_process_that_lacks_a_component_stays_degraded_when_everything_else_is_well(
    process: Process,
) -> None:
    process.start([Component("d", fail, nothing, critical=False)], WEB)

    moved = [
        actions.weigh_health(SYSTEM, state=state, reason=reason)
        for state, reason in [(State.READY, ""), (State.NOT_READY, "database"), (State.READY, "")]
    ]

    assert moved == [False, True, True]
    newest = queries.transitions()[0]
    assert (newest.state, newest.reason) == (State.DEGRADED, "d")
    assert queries.state() == "degraded"


def test_work_is_wanted_by_processes_that_could_finish_it(process: Process) -> None:
    wanted = {"new": queries.wants_work()}
    process.start([], WEB)
    for state in (State.READY, State.DEGRADED, State.NOT_READY):
        actions.weigh_health(SYSTEM, state=state)
        wanted[process.state] = queries.wants_work()
    process.drain()
    wanted[process.state] = queries.wants_work()
    process.stop()

    assert wanted == {"new": True, "ready": True, "degraded": True, "not ready": False, "draining": False}


@pytest.mark.django_db
def test_a_process_says_that_it_runs_and_how_until_it_ends(process: Process) -> None:
    before = actions.note_presence(SYSTEM, release="1.2.3")
    process.start([], frozenset({"web", "realtime"}))
    process.generation = 4
    actions.note_presence(SYSTEM, release="1.2.3")
    actions.weigh_health(SYSTEM, state=State.NOT_READY, reason="database")
    actions.note_presence(SYSTEM, release="1.2.3")
    (row,) = queries.running_processes()
    actions.end_presence(SYSTEM)

    assert (before, queries.running_processes()) == (False, [])
    assert (row.name, row.role, row.release, row.generation) == (process.name, "realtime,web", "1.2.3", 4)
    assert (row.state, row.reason, row.started_at) == ("not ready", "database", process.began_at)


@pytest.mark.django_db
def test_a_killed_process_is_silent_at_first_and_forgotten_later(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.start([], WEB)
    now = clock.present()
    monkeypatch.setattr(clock, "present", lambda: now)
    actions.note_presence(SYSTEM, release="1")
    heard = [queries.is_heard_of(row) for row in queries.running_processes()]
    monkeypatch.setattr(clock, "present", lambda: now + SILENT_AFTER * 2)
    heard += [queries.is_heard_of(row) for row in queries.running_processes()]
    monkeypatch.setattr(clock, "present", lambda: now + FORGOTTEN_AFTER * 2)
    heard += [queries.is_heard_of(row) for row in queries.running_processes()]
    monkeypatch.setattr(process, "name", "here:2:abc")
    actions.note_presence(SYSTEM, release="1")

    assert heard == [True, False]
    assert list(RunningProcess.objects.values_list("name", flat=True)) == ["here:2:abc"]


@pytest.mark.parametrize("role", ["all", "web", "realtime,web", "worker"])
def test_a_role_is_written_as_it_is_read(role: str) -> None:
    assert role_of(parts_of(role)) == role
    assert role_of(EVERYTHING) == "all"
