"""Two processes on one port serve sockets, and neither loses what happened at the other."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.platform.realtime.client import Client, connected
from tests.processes.serving import Starter
from tests.processes.test_roles import Visitor
from tools import services

pytestmark = [pytest.mark.processes, pytest.mark.mariadb]
TIMELINE = "/timeline"
SOCKETS = 12


async def resumed(client: Client, after_seq: int | None = None) -> int:
    await client.join(TIMELINE)
    answer = await client.ask(TIMELINE, "resume", {} if after_seq is None else {"after_seq": after_seq})
    assert answer["ok"], answer
    return int(answer["last_seq"])


async def test_sockets_at_two_processes_hear_the_same_and_outlive_either(start_on_servers: Starter) -> None:
    start, port = start_on_servers, str(services.free_port())
    role = ("--role", "web,realtime", "--port", port)
    fronts = [await asyncio.to_thread(start.serve, *role)]
    await asyncio.to_thread(start.workshop, "join")
    fronts.append(await asyncio.to_thread(start.serve, *role))
    await asyncio.to_thread(start.serve, "--role", "worker")
    origin = f"http://localhost:{port}"
    ada, ben = Visitor(origin), Visitor(origin)
    await asyncio.to_thread(ada.sign_in, "ada")
    await asyncio.to_thread(ben.sign_in, "ben")
    cookie = ada.client.cookies["guildry"]

    def post(text: str) -> None:
        fields = {"audience": "everyone", "intent": "publish"}
        assert ben.fill_in("/timeline/compose/", body=text, **fields).status_code == 303

    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(origin, cookie=cookie)) for _ in range(SOCKETS)]
        for client in clients:
            await resumed(client)
        await asyncio.to_thread(post, "While both are there")
        told = [await client.hears("post.new") for client in clients]
        await asyncio.to_thread(fronts[0].kill)
        await asyncio.sleep(1)
        cut_off = [client for client in clients if client.ended.is_set()]
        staying = [client for client in clients if not client.ended.is_set()]
        await asyncio.to_thread(post, "While one is gone")
        news = await staying[0].hears("post.new", 2)
        back = await stack.enter_async_context(connected(origin, cookie=cookie))
        await resumed(back, after_seq=told[0][0]["seq"])
        missed = await back.hears("post.new")

    assert cut_off
    assert staying
    assert all(one == told[0] for one in told)
    assert missed == news[1:]
