"""How many windows are kept up to date obeys the configuration, while the site runs and sockets stay open."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import InvalidStatus

from tests.platform.realtime.client import Refused, connected
from tests.platform.realtime.refusals import problem_in
from tests.platform.realtime.town import Town

pytestmark = pytest.mark.processes
ME = "/me"
CHANGE = """
from guildry.kernel.permissions import SYSTEM
from guildry.platform.runtime import actions
changes = {{"realtime.sockets_per_member": {member!r}, "realtime.sockets_per_address": {address!r}}}
actions.propose_changes(SYSTEM, changes=changes, reason="It was asked for.", channel="command")
"""


async def soon(is_so: Callable[[], Awaitable[bool]]) -> bool:
    """Tell whether something comes true within three seconds, which is long for a second."""
    deadline = time.monotonic() + 3
    while not await is_so():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True


async def test_windows_are_counted_against_the_limits_in_force(own_town: Town) -> None:
    session = own_town.people["ada"].session

    async def is_too_many_for_a_member() -> bool:
        try:
            async with connected(own_town.origin, cookie=session) as client:
                await client.join(ME)
        except Refused as refused:
            return refused.code == "too_many_connections"
        return False

    async def is_too_many_for_an_address() -> bool:
        try:
            async with connected(own_town.origin):
                return False
        except InvalidStatus as refused:
            problem = problem_in(refused.response)
            return (problem["code"], problem["retry_after"]) == ("too_many_connections", 5)

    async def is_free_again() -> bool:
        return not (await is_too_many_for_an_address() or await is_too_many_for_a_member())

    async with AsyncExitStack() as open_windows:
        first = await open_windows.enter_async_context(connected(own_town.origin, cookie=session))
        await first.join(ME)
        assert await is_free_again()

        await asyncio.to_thread(own_town.run, CHANGE.format(member="1", address="10"))
        assert await soon(is_too_many_for_a_member)
        for _ in range(9):
            await open_windows.enter_async_context(connected(own_town.origin))
        assert await soon(is_too_many_for_an_address)
        assert (await first.ask(ME, "notification.read", {"ids": []}))["ok"]

        await asyncio.to_thread(own_town.run, CHANGE.format(member=None, address=None))
        assert await soon(is_free_again)
