"""Threads whose steps somebody waits for get short turns from Python and from Linux."""

import ctypes
import os
import platform
import struct
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator

import pytest

from guildry.kernel import promptness
from guildry.kernel.loops import Loop

GET_ATTRIBUTES = {"x86_64": 315, "aarch64": 275}
LISTENING_SINCE = (6, 12)
STEP_BACK = promptness.STEP_BACK


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    interval = sys.getswitchinterval()
    monkeypatch.setattr(promptness, "_has_begun", False)
    monkeypatch.setattr(promptness, "_enrolled", set())
    # The threads of the tests themselves could not come forward again.
    monkeypatch.setattr(promptness, "STEP_BACK", 0)
    yield
    sys.setswitchinterval(interval)


def turn_of_this_thread() -> int:
    """Return the length in nanoseconds that was asked of Linux, 0 where it takes none."""
    buffer = ctypes.create_string_buffer(56)
    if ctypes.CDLL(None).syscall(GET_ATTRIBUTES.get(platform.machine(), -1), 0, buffer, 56, 0):
        return 0
    return int(struct.unpack_from("=Q", buffer, 24)[0])


def listens() -> bool:
    release = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    return sys.platform == "linux" and platform.machine() in GET_ATTRIBUTES and release >= LISTENING_SINCE


def in_a_thread(*steps: str) -> int:
    """Take steps in a new thread and return the turns it has afterwards."""
    found: list[int] = []

    def run() -> None:
        # A thread takes over the turns of the one that made it.
        turn, promptness.LINUX_TURN_NS = promptness.LINUX_TURN_NS, 0
        promptness.shorten_turns(threading.get_native_id())
        promptness.LINUX_TURN_NS = turn
        for step in steps:
            getattr(promptness, step)()
        found.append(turn_of_this_thread())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("steps", [("enrol", "begin"), ("begin", "enrol"), ("begin", "enrol", "begin")])
def test_an_enrolled_thread_gets_short_turns_whenever_it_begins(steps: tuple[str, ...]) -> None:
    turn = in_a_thread(*steps)

    assert (turn == promptness.LINUX_TURN_NS) is listens()
    assert sys.getswitchinterval() == pytest.approx(promptness.PYTHON_TURN)


@pytest.mark.parametrize("steps", [("enrol",), ("begin",), ("enrol", "leave", "begin")])
def test_no_other_thread_does(steps: tuple[str, ...]) -> None:
    assert in_a_thread(*steps) != promptness.LINUX_TURN_NS


def test_a_step_in_one_go_is_not_interrupted_and_later_ones_are() -> None:
    promptness.begin()

    with promptness.in_one_go():
        during = sys.getswitchinterval()

    assert during == pytest.approx(promptness.LONGEST_STEP)
    assert sys.getswitchinterval() == pytest.approx(promptness.PYTHON_TURN)


def in_a_process_of_its_own(code: str) -> list[int]:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return [int(n) for n in subprocess.run(command, check=True, capture_output=True).stdout.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread is as nice as its process")
def test_whoever_is_not_waited_for_steps_back_once() -> None:
    before, enrolled, other = in_a_process_of_its_own("""
        import os, threading
        from guildry.kernel import promptness

        def stay() -> None:
            ready.release()
            threading.Event().wait()

        nice = lambda thread: os.getpriority(os.PRIO_PROCESS, thread)
        ready, here = threading.Semaphore(0), threading.get_native_id()
        other = threading.Thread(target=stay, daemon=True)
        other.start()
        ready.acquire()
        before = nice(here)
        promptness.enrol()
        promptness.begin()
        promptness.begin()
        print(before, nice(here), nice(other.native_id))
    """)

    assert (enrolled, other) == (before, min(before + STEP_BACK, 19))


def test_a_thread_that_ended_meanwhile_is_passed_over() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

    promptness._step_back({thread.native_id or 0})


def test_its_niceness_stays() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)

    promptness.shorten_turns(threading.get_native_id())

    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_elsewhere_nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promptness, "_SET_ATTRIBUTES", 0)

    assert promptness.shorten_turns(threading.get_native_id()) is False


def test_a_prompt_loop_is_enrolled_while_it_runs() -> None:
    ticked = threading.Event()
    enrolled: list[bool] = []

    def tick() -> bool:
        enrolled.append(threading.get_native_id() in promptness._enrolled)
        ticked.set()
        return False

    loop = Loop("prompt", tick, every=60.0, is_prompt=True)
    loop.start()
    assert ticked.wait(10)
    loop.stop()

    assert enrolled == [True]
    assert promptness._enrolled == set()
