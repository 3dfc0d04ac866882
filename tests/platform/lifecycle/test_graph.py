"""Components start in the order of their needs and stop in reverse, whatever happens on the way."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from guildry.kernel.points import Component
from guildry.kernel.states import IllegalTransition
from guildry.platform.lifecycle import rules
from guildry.platform.lifecycle.graph import Process, StartFailed, in_order
from guildry.platform.lifecycle.rules import State

WEB = frozenset({"web"})


class Diary:
    """Components that write down what happens to them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def component(
        self,
        name: str,
        *needs: str,
        roles: str = "web",
        fails: str = "",
        seconds: float = 1,
        critical: bool = True,
    ) -> Component:
        def step(verb: str) -> Callable[[], None]:
            def act() -> None:
                self.lines.append(f"{verb} {name}")
                if fails == verb:
                    raise ValueError(f"{name} cannot {verb}")
                if fails == f"hang {verb}":
                    time.sleep(5)

            return act

        return Component(
            name,
            step("start"),
            step("stop"),
            frozenset(needs),
            frozenset({roles}),
            timedelta(seconds=seconds),
            start_timeout=timedelta(seconds=seconds),
            critical=critical,
        )


@pytest.fixture
def diary() -> Diary:
    return Diary()


def test_needs_start_first_and_stop_last(diary: Diary) -> None:
    process = Process()

    process.start([diary.component("c", "b"), diary.component("b", "a"), diary.component("a")], WEB)
    process.drain()
    failed = process.stop()

    assert diary.lines == ["start a", "start b", "start c", "stop c", "stop b", "stop a"]
    assert failed == []
    states = [transition.state for transition in process.history]
    assert states == [State.NEW, State.STARTING, State.READY, State.DRAINING, State.STOPPED]


def test_a_component_that_does_not_start_takes_the_started_ones_with_it(diary: Diary) -> None:
    process = Process()
    components = [diary.component("a"), diary.component("b", "a", fails="start"), diary.component("c", "b")]

    with pytest.raises(StartFailed, match=r"b did not start: ValueError\('b cannot start'\)") as failure:
        process.start(components, WEB)

    assert failure.value.name == "b"
    assert diary.lines == ["start a", "start b", "stop a"]
    assert process.state == State.FAILED


def test_what_does_not_stop_cleanly_in_its_time_is_named_and_holds_up_nobody(diary: Diary) -> None:
    process = Process()
    components = [
        diary.component("a"),
        diary.component("b", fails="stop"),
        diary.component("c", fails="hang stop", seconds=0.05),
    ]
    process.start(components, WEB)
    process.drain()

    failed = process.stop()

    assert sorted(failed) == ["b", "c"]
    assert "stop a" in diary.lines
    assert process.state == State.FAILED


def test_a_component_that_hangs_at_the_start_is_given_up_with_the_others(diary: Diary) -> None:
    process = Process()

    with pytest.raises(StartFailed, match=r"b did not start: TimeoutError\('not started within 0.05 s'\)"):
        process.start(
            [diary.component("a"), diary.component("b", "a", fails="hang start", seconds=0.05)], WEB
        )

    assert diary.lines == ["start a", "start b", "stop a"]
    assert (process.state, process.history[-1].reason) == (State.FAILED, "b")


def test_a_process_does_without_what_is_not_critical_and_says_so(diary: Diary) -> None:
    process = Process()
    components = [
        diary.component("a"),
        diary.component("b", "a", fails="start", critical=False),
        diary.component("c", "b", critical=False),
    ]

    process.start(components, WEB)
    state = process.history[-1]
    process.drain()

    assert (state.state, state.reason) == (State.DEGRADED, "b, c")
    assert process.missing == {"b": "ValueError: b cannot start", "c": "RuntimeError: needs b"}
    assert process.stop() == []
    assert diary.lines == ["start a", "start b", "stop a"]


def test_health_moves_a_process_between_the_running_states_and_no_other(diary: Diary) -> None:
    process, heard = Process(), []
    process.listeners.append(lambda transition: heard.append((transition.state, transition.reason)))
    early = process.weigh(State.NOT_READY, "database")
    process.start([diary.component("a")], WEB)

    moved = [
        process.weigh(state, reason)
        for state, reason in [
            (State.NOT_READY, "database"),
            (State.NOT_READY, "database"),
            (State.STOPPED, ""),
            (State.DEGRADED, "mail"),
            (State.READY, ""),
        ]
    ]
    process.drain()
    late = process.weigh(State.READY)

    assert (early, moved, late) == (False, [True, False, False, True, True], False)
    assert heard == [
        (State.STARTING, ""),
        (State.READY, ""),
        (State.NOT_READY, "database"),
        (State.DEGRADED, "mail"),
        (State.READY, ""),
        (State.DRAINING, ""),
    ]


def test_the_last_two_hundred_changes_are_kept(diary: Diary) -> None:
    process = Process()
    process.start([diary.component("a")], WEB)

    for number in range(150):
        process.weigh(State.NOT_READY, f"down {number}")
        process.weigh(State.READY)

    assert len(process.history) == 200
    assert process.history[0].reason == "down 50"


def test_components_of_other_roles_are_left_to_other_processes(diary: Diary) -> None:
    components = [diary.component("a", roles="worker"), diary.component("b", "a")]

    ordered = in_order(components, WEB)

    assert [component.name for component in ordered] == ["b"]


def test_a_need_that_nobody_registered_is_refused(diary: Diary) -> None:
    with pytest.raises(ValueError, match=r"a needs \['b'\], which nobody registered"):
        in_order([diary.component("a", "b")], WEB)


def test_a_circle_is_refused_with_its_members(diary: Diary) -> None:
    with pytest.raises(ValueError, match=r"in a circle: .*a.*→.*b"):
        in_order([diary.component("a", "b"), diary.component("b", "a")], WEB)


def test_a_process_starts_once(diary: Diary) -> None:
    process = Process()
    process.start([diary.component("a")], WEB)

    with pytest.raises(IllegalTransition):
        process.start([diary.component("a")], WEB)

    assert diary.lines == ["start a"]


def test_a_stopped_process_may_start_again(diary: Diary) -> None:
    process = Process()

    for _ in range(2):
        process.start([diary.component("a")], WEB)
        process.drain()
        process.stop()

    assert diary.lines == ["start a", "stop a"] * 2


def test_roles_are_parts_of_the_whole() -> None:
    assert rules.parts_of("all") == {"web", "realtime", "worker"}
    assert rules.parts_of("web,realtime") == {"web", "realtime"}
    for wrong in ("", "wbe", "web,", "all,web"):
        with pytest.raises(ValueError, match="A role is all, or some of realtime, web, worker"):
            rules.parts_of(wrong)
