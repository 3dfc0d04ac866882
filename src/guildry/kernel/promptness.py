"""Threads that do little, and at once: they do not stand in line behind those that compute.

Python lets a thread compute for 5 ms before another gets its turn, and so does Linux where they share a core. Both
can be asked for shorter turns, and whoever computes can step back a little, so that Linux owes it less of the core;
that costs whoever computes a little, so it is done once somebody waits for each step.
"""

import os
import platform
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PYTHON_TURN, LONGEST_STEP = 0.0005, 0.01
LINUX_TURN_NS = 100_000
# What is added to the niceness of all other threads.
STEP_BACK = 5
# The number of sched_setattr(2); Linux 6.12 and newer take the length of a thread's turn from it, older ones ignore it.
_SET_ATTRIBUTES = {"x86_64": 314, "aarch64": 274}.get(platform.machine(), 0) if sys.platform == "linux" else 0
_SIZE_OF_ATTRIBUTES = 56

_guard = threading.Lock()
_enrolled: set[int] = set()
_has_begun = False


def enrol() -> None:
    """Count the calling thread among those whose steps somebody waits for."""
    with _guard:
        _enrolled.add(threading.get_native_id())
        if _has_begun:
            shorten_turns(threading.get_native_id())


def leave() -> None:
    """Forget the calling thread, which is about to end."""
    with _guard:
        _enrolled.discard(threading.get_native_id())


def begin() -> None:
    """Shorten the turns from now on and have all others step back; returns at once when that was done before.

    Whoever stepped back stays there, so everybody who is waited for is enrolled before.
    """
    global _has_begun
    with _guard:
        if not _has_begun:
            _has_begun = True
            sys.setswitchinterval(PYTHON_TURN)
            for thread in _enrolled:
                shorten_turns(thread)
            _step_back({thread.native_id or 0 for thread in threading.enumerate()} - _enrolled - {0})


@contextmanager
def in_one_go() -> Iterator[None]:
    """Let the one calling thread finish a step of a few milliseconds, without a page's turn after each of its own."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(LONGEST_STEP)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _step_back(threads: set[int]) -> None:
    """Make threads nicer where a thread can be by itself."""
    for thread in threads if sys.platform == "linux" else ():
        # One that ended meanwhile needs nothing, and where this is forbidden all goes on as before.
        with suppress(OSError):
            before = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, before + STEP_BACK)


def shorten_turns(thread: int) -> bool:
    """Ask Linux for short turns of a thread, which then comes sooner; returns whether it listened."""
    if not _SET_ATTRIBUTES:
        return False
    # Most processes never come here, and importing ctypes would make each start later.
    import ctypes

    # struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period, two clamps.
    nice = os.getpriority(os.PRIO_PROCESS, thread)
    attributes = struct.pack("=IIQiIQQQII", _SIZE_OF_ATTRIBUTES, 0, 0, nice, 0, LINUX_TURN_NS, 0, 0, 0, 0)
    return bool(ctypes.CDLL(None).syscall(_SET_ATTRIBUTES, thread, attributes, 0) == 0)
