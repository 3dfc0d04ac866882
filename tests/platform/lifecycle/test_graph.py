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
        self, name: str, *needs: str, roles: str = "web", fails: str = "", seconds: float = 1
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


def test_roles_are_parts_of_the_whole() -> None:
    assert rules.parts_of("all") == {"web", "realtime", "worker"}
    assert rules.parts_of("web,realtime") == {"web", "realtime"}
    for wrong in ("", "wbe", "web,", "all,web"):
        with pytest.raises(ValueError, match="A role is all, or some of realtime, web, worker"):
            rules.parts_of(wrong)
