"""Sockets across a new generation, and while the site misses what it needs."""

import asyncio
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import BROWSER_OPTIONS
from tests.platform.realtime.client import Client, connected
from tests.processes.serving import Guildry, Starter
from tests.processes.test_roles import Visitor
from tools import services

pytestmark = pytest.mark.processes
TIMELINE = "/timeline"


class Listener:
    """A member's page: comes back when told to, goes on after the last event it heard, and keeps all it heard."""

    def __init__(self, origin: str, cookie: str) -> None:
        self.origin, self.cookie = origin, cookie
        self.heard: list[dict[str, Any]] = []
        self.seq: int | None = None
        self.visits = 0
        self.here, self.away = asyncio.Event(), asyncio.Event()

    async def listen(self) -> None:
        while True:
            try:
                async with connected(self.origin, cookie=self.cookie) as client:
                    await self._stay(client)
            except OSError:
                await asyncio.sleep(0.05)

    async def _stay(self, client: Client) -> None:
        await client.join(TIMELINE)
        answer = await client.ask(TIMELINE, "resume", {} if self.seq is None else {"after_seq": self.seq})
        assert answer["ok"], answer
        self.seq = self.seq if self.seq is not None else answer["last_seq"]
        self.visits += 1
        self.away.clear()
        self.here.set()
        try:
            while not client.ended.is_set():
                await asyncio.sleep(0.02)
        finally:
            self.here.clear()
            self.away.set()
            fresh = client.bodies("post.new")
            self.heard += fresh
            self.seq = max([self.seq, *(body["seq"] for body in fresh)])


def signed_in(guildry: Guildry, start: Starter) -> tuple[Visitor, str]:
    """Return ben, who writes, and the cookie of ada, who listens."""
    start.workshop("join")
    ada, ben = Visitor(guildry.origin), Visitor(guildry.origin)
    ada.sign_in("ada")
    ben.sign_in("ben")
    return ben, ada.client.cookies["guildry"]


def posted(ben: Visitor, count: int) -> None:
    for number in range(count):
        fields = {"body": f"Number {number}", "audience": "everyone", "intent": "publish"}
        assert ben.fill_in("/timeline/compose/", **fields).status_code == 303


async def test_a_socket_misses_nothing_and_hears_nothing_twice_across_new_generations(start: Starter) -> None:
    guildry = await asyncio.to_thread(start.serve, supervised=True)
    ben, cookie = await asyncio.to_thread(signed_in, guildry, start)
    page = Listener(guildry.origin, cookie)
    listening = asyncio.create_task(page.listen())
    await asyncio.wait_for(page.here.wait(), 20)

    for _ in range(2):
        restarting = asyncio.create_task(asyncio.to_thread(start.run, "restart"))
        await asyncio.to_thread(posted, ben, 1)
        await asyncio.wait_for(page.away.wait(), 60)
        await asyncio.to_thread(posted, ben, 2)
        await restarting
        await asyncio.wait_for(page.here.wait(), 30)
    await asyncio.to_thread(posted, ben, 1)
    await asyncio.sleep(2)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

    ids = [body["post_id"] for body in page.heard]
    assert page.visits == 3
    assert len(ids) == 7
    assert ids == sorted(set(ids))
    assert guildry.stop() == 0


async def test_sockets_are_told_when_nothing_can_be_saved_and_when_it_can_again(start: Starter) -> None:
    guildry = await asyncio.to_thread(start.serve)
    _, cookie = await asyncio.to_thread(signed_in, guildry, start)
    broken = start.data / "broken.txt"

    async with connected(guildry.origin, cookie=cookie) as client:
        await client.join(TIMELINE)
        broken.touch()
        told = await client.hears("server:degraded", within=5)
        async with connected(guildry.origin, cookie=cookie) as late:
            await late.join(TIMELINE)
            await late.ask(TIMELINE, "resume", {})
            told_late = await late.hears("server:degraded", within=5)
        is_open = not client.ended.is_set()
        broken.unlink()
        untold = await client.hears("server:recovered", within=5)

    assert (told, told_late, is_open, untold) == ([{}], [{}], True, [{}])
    assert guildry.stop() == 0


def test_a_page_says_that_nothing_can_be_saved_for_as_long_as_that_is_so(start: Starter) -> None:
    guildry = start.serve()
    _, cookie = signed_in(guildry, start)
    broken, toast = start.data / "broken.txt", "[data-degraded]"

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=services.chromium(), args=BROWSER_OPTIONS)
        context = chromium.new_context()
        context.add_cookies([{"name": "guildry", "value": cookie, "url": guildry.origin}])
        page = context.new_page()
        with page.expect_websocket():
            page.goto(f"{guildry.origin}/timeline/")
        broken.touch()
        words = page.wait_for_selector(toast).inner_text()  # type: ignore[union-attr]
        broken.unlink()
        page.wait_for_selector(toast, state="detached")
        chromium.close()

    assert words == "Nothing can be saved just now. Keep this page open, it goes on by itself."
    assert guildry.stop() == 0
