"""A fixed pool of threads that pages are made in, handed their work without a lock."""

import asyncio
import gc
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

from django.db import connections

# Told on the loop what some work returned, or what it raised.
Told = Callable[[Any, BaseException | None], object]
Work = tuple[asyncio.AbstractEventLoop, Told, Callable[..., Any], tuple[Any, ...]]

# How many new objects are looked through at once, after how many such sweeps those that stayed, and then all.
YOUNG, OLDER, OLDEST = 1_500, 5, 500

_here = threading.local()


def number_of_thread() -> int:
    """Return which thread of its pool this one is."""
    number: int = _here.number
    return number


class Pool:
    """Threads that keep their database connections; work may ask for the very thread that did the work before.

    A thread that has nothing to do first says so and then looks once more, so no work is left lying: whoever hands
    some in either finds an idle thread to wake, or a busy one that will look.

    Work that computes at once in one process only slows each other and all else. With `patience`, in seconds, one
    thread works at a time, until a piece of work takes longer than that: then another one goes on beside it.
    """

    def __init__(self, threads: int, *, patience: float = 0.0) -> None:
        self._patience = patience
        self._shared: deque[Work] = deque()
        self._own: list[SimpleQueue[Work | None]] = [SimpleQueue() for _ in range(threads)]
        self._idle: deque[int] = deque()
        # When each thread began what it does; 0 while it does nothing.
        self._began = [0.0] * threads
        self._is_watched = self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"web {number}", daemon=True)
            for number in range(threads)
        ]

    @property
    def waiting(self) -> int:
        return len(self._shared)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, *, seconds: float | None = None) -> None:
        """Finish what was handed in, close the connections and end the threads; waits at most `seconds` for each."""
        self._stopping = True
        for own in self._own:
            own.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def run(
        self, work: Callable[..., Any], *arguments: Any, thread: int | None = None
    ) -> "asyncio.Future[Any]":
        """Do some work in a thread; the future belongs to the running loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        told = partial(_settle, future)
        if thread is None:
            self.hand(loop, told, work, *arguments)
        else:
            self._own[thread].put((loop, told, work, arguments))
        return future

    def hand(
        self, loop: asyncio.AbstractEventLoop, told: Told, work: Callable[..., Any], *arguments: Any
    ) -> None:
        """Do some work in a thread and tell of it on the loop; call it there."""
        self._shared.append((loop, told, work, arguments))
        if not self._patience or len(self._idle) == len(self._threads):
            self._wake()
        elif not self._is_watched:
            self._is_watched = True
            loop.call_later(self._patience, self._watch, loop)

    def _wake(self) -> None:
        with suppress(IndexError):
            self._own[self._idle.pop()].put(None)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let another thread begin beside those that take long, and look again while there is something to do."""
        self._is_watched = bool(self._shared)
        if self._shared:
            if not self._has_turn_taken():
                self._wake()
            loop.call_later(self._patience, self._watch, loop)

    def _has_turn_taken(self, besides: int = -1) -> bool:
        """Tell whether a thread is at work that has not taken long yet."""
        earliest = time.monotonic() - self._patience
        return any(began > earliest for number, began in enumerate(self._began) if number != besides)

    def _work(self, number: int) -> None:
        _here.number = number
        while call := self._next(number):
            self._began[number] = time.monotonic()
            _do(*call)
            _sweep()
            self._began[number] = 0.0
        connections.close_all()

    def _next(self, number: int) -> Work | None:
        own, shared = self._own[number], self._shared
        while True:
            if own.qsize() and (call := own.get()):
                return call
            if not self._patience or self._stopping or not self._has_turn_taken(number):
                with suppress(IndexError):
                    return shared.popleft()
            if self._stopping and not own.qsize():
                return None
            self._idle.append(number)
            if shared and (not self._patience or len(self._idle) == len(self._threads)):
                self._wake()
            if call := own.get():
                with suppress(ValueError):
                    self._idle.remove(number)
                return call


def _sweep() -> None:
    """Collect what a piece of work left in circles: nobody runs meanwhile, so it is done often and a little at a time."""
    young, older, oldest = gc.get_count()
    if young > YOUNG:
        is_turn_of_older = older > OLDER
        gc.collect(is_turn_of_older + (is_turn_of_older and oldest > OLDEST))


def _do(
    loop: asyncio.AbstractEventLoop, told: Told, work: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    value, failure = None, None
    try:
        value = work(*arguments)
    except BaseException as error:
        failure = error
    if not loop.is_closed():
        loop.call_soon_threadsafe(told, value, failure)


def _settle(future: "asyncio.Future[Any]", value: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value)
