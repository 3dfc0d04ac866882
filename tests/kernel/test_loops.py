"""Background loops come at a hint, come back after a failure, and stop when told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from guildry.kernel import hints, loops
from guildry.kernel.loops import Loop

PATIENCE = 10.0


@contextmanager
def running(tick: Callable[[], bool], *, every: float = 60.0, topics: tuple[str, ...] = ()) -> Iterator[Loop]:
    loop = Loop("test loop", tick, every=every, topics=topics)
    loop.start()
    try:
        yield loop
    finally:
        loop.stop()


def test_it_works_on_without_pause_while_there_is_more() -> None:
    left, done = iter([True, True, False]), threading.Event()
    calls = []

    def tick() -> bool:
        calls.append(1)
        more = next(left, False)
        if not more:
            done.set()
        return more

    with running(tick):
        assert done.wait(PATIENCE)

    assert len(calls) == 3


def test_a_hint_wakes_it_and_a_stopped_one_no_longer_listens() -> None:
    called = threading.Semaphore(0)

    def tick() -> bool:
        called.release()
        return False

    with running(tick, topics=("work",)):
        assert called.acquire(timeout=PATIENCE)
        hints.send("work")
        assert called.acquire(timeout=PATIENCE)
    hints.send("work")

    assert not called.acquire(blocking=False)


def test_a_failure_is_logged_and_tried_again() -> None:
    outcomes, recovered = iter([RuntimeError("away")]), threading.Event()

    def tick() -> bool:
        for failure in outcomes:
            raise failure
        recovered.set()
        return False

    with running(tick, every=0.01):
        assert recovered.wait(PATIENCE)


def test_hints_travel_with_the_carrier_in_use() -> None:
    carried: list[str] = []
    hints.use_carrier(carried.append)

    try:
        hints.send("topic")
        hints.receive("topic")
    finally:
        hints.use_carrier(None)
    hints.send("topic")

    assert carried == ["topic"]


def test_who_stops_listening_hears_nothing_and_others_still_do() -> None:
    heard: list[str] = []
    stop_first = hints.listen("topic", lambda: heard.append("first"))
    stop_second = hints.listen("topic", lambda: heard.append("second"))

    hints.receive("topic")
    stop_first()
    hints.receive("topic")
    stop_second()
    hints.receive("topic")

    assert heard == ["first", "second", "second"]


@pytest.mark.parametrize("topic", ["nobody-listens", ""])
def test_a_hint_that_nobody_waits_for_is_nothing_special(topic: str) -> None:
    hints.send(topic)


def test_a_loop_says_that_it_turns_and_why_it_does_not() -> None:
    failing, ticked = threading.Event(), threading.Event()

    def tick() -> bool:
        ticked.set()
        if failing.is_set():
            raise OSError("the database went away")
        return False

    def turn(loop: Loop) -> None:
        ticked.clear()
        loop.wake()
        assert ticked.wait(PATIENCE)

    with running(tick, every=0.01) as loop:
        turn(loop)
        fine = loop.probe()
        failing.set()
        turn(loop)
        turn(loop)
        with pytest.raises(RuntimeError, match="OSError: the database went away"):
            loop.probe()
        failing.clear()
        turn(loop)
        turn(loop)
        again = loop.probe()

    assert (fine, again) == ("turns", "turns")
    with pytest.raises(RuntimeError, match="its thread is gone"):
        loop.probe()


def test_what_waits_after_a_failure_tries_again_at_a_word_and_nothing_else_does() -> None:
    broken, failed, worked, other = [True], threading.Semaphore(0), threading.Event(), threading.Semaphore(0)

    def tick() -> bool:
        if broken:
            failed.release()
            raise OSError("away")
        worked.set()
        return False

    def well() -> bool:
        other.release()
        return False

    with running(tick), running(well):
        assert failed.acquire(timeout=PATIENCE)
        assert other.acquire(timeout=PATIENCE)
        broken.clear()
        while not worked.wait(0.05):
            loops.try_again()
        is_left_alone = not other.acquire(timeout=0.1)

    assert is_left_alone
    assert not loops._failing
