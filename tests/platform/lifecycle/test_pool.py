"""Pages are made one at a time in one process, and one that takes long holds up no other."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from guildry.platform.lifecycle.bridge import Pool
from guildry.platform.lifecycle.bridge import pool as pools


class Desk:
    """Work that stays inside until it is let go."""

    def __init__(self) -> None:
        self.came = {name: threading.Event() for name in "abc"}
        self.may_go = {name: threading.Event() for name in "abc"}
        self.inside: set[str] = set()
        self.most = 0

    def __call__(self, name: str) -> str:
        self.inside.add(name)
        self.most = max(self.most, len(self.inside))
        self.came[name].set()
        assert self.may_go[name].wait(10)
        self.inside.remove(name)
        if name == "b":
            raise ValueError(name)
        return name


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def pool(request: pytest.FixtureRequest, desk: Desk) -> AsyncIterator[Pool]:
    threads = Pool(2, patience=request.param)
    threads.start()
    yield threads
    for event in desk.may_go.values():
        event.set()
    await asyncio.to_thread(threads.stop)


async def come(desk: Desk, name: str, seconds: float = 10) -> bool:
    return await asyncio.to_thread(desk.came[name].wait, seconds)


@pytest.mark.parametrize("pool", [10.0], indirect=True)
async def test_work_waits_for_what_came_before(desk: Desk, pool: Pool) -> None:
    first, second = pool.run(desk, "b"), pool.run(desk, "a")
    assert await come(desk, "b")
    came_too_early = await come(desk, "a", 0.1)
    desk.may_go["b"].set()
    desk.may_go["a"].set()

    assert await second == "a"
    with suppress(ValueError):
        await first
    assert (came_too_early, desk.most) == (False, 1)


@pytest.mark.parametrize("pool", [0.02], indirect=True)
async def test_work_that_takes_long_holds_up_no_other(desk: Desk, pool: Pool) -> None:
    long = pool.run(desk, "a")
    assert await come(desk, "a")
    beside = pool.run(desk, "b")
    assert await come(desk, "b")
    desk.may_go["b"].set()
    with pytest.raises(ValueError, match="b"):
        await beside
    last = pool.run(desk, "c")
    assert await come(desk, "c")
    desk.may_go["c"].set()

    assert await last == "c"
    desk.may_go["a"].set()
    assert await long == "a"


async def test_after_long_work_one_goes_on_alone(desk: Desk) -> None:
    threads = Pool(2, patience=0.02)
    threads.start()
    long, beside = threads.run(desk, "a"), threads.run(desk, "c")
    assert await come(desk, "c")
    desk.may_go["a"].set()
    desk.may_go["c"].set()
    await asyncio.gather(long, beside)
    at_once: list[int] = []
    most: list[int] = []

    def count(number: int) -> None:
        at_once.append(number)
        most.append(len(at_once))
        at_once.remove(number)

    await asyncio.gather(*(threads.run(count, number) for number in range(500)))
    await asyncio.to_thread(threads.stop)

    assert most == [1] * 500


async def test_what_waits_for_its_turn_is_done_before_the_end(desk: Desk) -> None:
    threads = Pool(2, patience=10.0)
    threads.start()
    first, second = threads.run(desk, "a"), threads.run(desk, "c")
    assert await come(desk, "a")
    desk.may_go["a"].set()
    desk.may_go["c"].set()

    await asyncio.to_thread(threads.stop)

    assert [await first, await second] == ["a", "c"]


async def test_circles_are_swept_a_few_at_a_time_and_older_ones_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pools, "OLDER", 1)
    monkeypatch.setattr(pools, "OLDEST", 1)
    swept: list[int] = []

    def note(phase: str, info: dict[str, Any]) -> None:
        if phase == "stop":
            swept.append(info["generation"])

    def leave(circles: int) -> None:
        for _ in range(circles):
            circle: list[Any] = []
            circle.append(circle)

    threads = Pool(1)
    threads.start()
    gc.disable()
    try:
        gc.collect()
        gc.callbacks.append(note)
        for _ in range(9):
            await threads.run(leave, pools.YOUNG + 100)
        await threads.run(leave, 10)
        await asyncio.to_thread(threads.stop)
    finally:
        gc.callbacks.remove(note)
        gc.enable()

    assert swept == [0, 0, 1, 0, 0, 1, 0, 0, 2]
