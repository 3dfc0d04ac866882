"""Longer stories over real sockets: order, those who cannot keep up, who comes and goes, kills and restarts."""

import asyncio
import json
import signal
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.platform.realtime.client import Client, connected
from tests.platform.realtime.town import Town

pytestmark = pytest.mark.processes
TIMELINE, ME, HALL = "/timeline", "/me", "/bench"
LARGE = 60_000


@pytest.fixture
def town_with_a_hall(own_town: Town) -> Town:
    """The town in which members may also speak to everybody at once."""
    own_town.end()
    own_town.settings = "bench.fanout.settings"
    own_town.start()
    return own_town


async def listening(client: Client, namespace: str, **wanted: Any) -> int:
    """Join and resume; returns from where on everything is heard."""
    await client.join(namespace)
    answer = await client.ask(namespace, "resume", wanted)
    assert answer["ok"], answer
    return int(answer["last_seq"])


async def test_what_one_connection_sends_is_heard_in_its_order_by_all(town_with_a_hall: Town) -> None:
    town = town_with_a_hall
    async with AsyncExitStack() as stack:
        ada, ben, cleo = [
            await stack.enter_async_context(connected(town.origin, cookie=town.people[who].session))
            for who in ("ada", "ben", "cleo")
        ]
        for client in (ada, ben, cleo):
            await listening(client, HALL)
        async with asyncio.timeout(60):
            for n in range(20):
                saying = {"count": 1, "t": 0, "text": "x"}
                await asyncio.gather(
                    ada.ask(HALL, "say", saying | {"n": n}), ben.ask(HALL, "say", saying | {"n": 100 + n})
                )
        heard = [
            [body["n"] for body in await client.hears("said", 40, within=30)] for client in (ada, ben, cleo)
        ]

    assert heard[0] == heard[1] == heard[2]
    assert [n for n in heard[0] if n < 100] == list(range(20))
    assert [n for n in heard[0] if n >= 100] == list(range(100, 120))


async def test_a_reader_that_cannot_keep_up_is_shown_out_with_the_reason(town_with_a_hall: Town) -> None:
    town = town_with_a_hall
    async with connected(town.origin, cookie=town.people["ada"].session) as ada:
        await listening(ada, HALL)
        async with asyncio.timeout(90), _reading_nothing(town) as slow:
            for n in range(0, 400, 10):
                await ada.ask(HALL, "say", {"n": n, "count": 10, "t": 0, "text": "x" * LARGE})
            await ada.hears("said", 400, within=60)
            last = await _read_all(slow)

        assert [body["n"] for body in ada.bodies("said")] == list(range(400))
    assert (slow.close_code, slow.close_reason) == (1013, "slow")
    assert last.startswith('42/bench,["bye",')
    assert json.loads(last[9:])[1]["reason"] == "slow"


def _reading_nothing(town: Town) -> connect:
    address = f"{town.origin.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    return _Sleeper(
        address,
        origin=town.origin,
        additional_headers={"Cookie": f"guildry={town.people['ben'].session}"},
        compression=None,
        max_queue=1,
    )


class _Sleeper(connect):
    """Joins the hall, and then reads no more."""

    async def __aenter__(self) -> ClientConnection:
        socket = await super().__aenter__()
        await socket.recv()
        await socket.send("40/bench,")
        await socket.recv()
        await socket.send('42/bench,0["resume",{}]')
        assert '"ok":true' in str(await socket.recv())
        return socket


async def _read_all(socket: ClientConnection) -> str:
    last = ""
    try:
        async for message in socket:
            last = str(message)
    except ConnectionClosed:
        pass
    return last


async def test_members_of_an_organisation_hear_it_and_others_never_do(own_town: Town) -> None:
    town = own_town
    ada, ben = (town.people[who].id for who in ("ada", "ben"))
    script = (
        "from guildry.people.accounts.models import Member\n"
        "from guildry.people.organisations import actions\n"
        f"ada, ben = Member.objects.get(pk={ada}), Member.objects.get(pk={ben})\n"
    )
    founding = (
        "print(actions.found_organisation(ada, handle='northwind', name='Northwind', kind='company').pk)"
    )
    group = int((await asyncio.to_thread(town.run, script + founding)).splitlines()[-1])
    joining = (
        f"invitation = actions.invite(ada, organisation_id={group}, to='ben')\n"
        "actions.accept_invitation(ben, invitation_id=invitation.pk)"
    )
    leaving = f"actions.leave(ben, organisation_id={group})"

    async def post(**audience: Any) -> int:
        body = {"body": "Hello", **audience}
        return int((await asyncio.to_thread(town.call, "ada", "POST", "/api/v1/timeline/posts", body))["id"])

    ours = {"audience": "organisation", "organisation_id": group}
    async with connected(town.origin, cookie=town.people["ben"].session) as client:
        await listening(client, TIMELINE)
        await post(**ours)
        first = await post()
        await client.hears("post.new", 1)
        await asyncio.to_thread(town.run, script + joining)
        inside = await post(**ours)
        await client.hears("post.new", 2)
        await asyncio.to_thread(town.run, script + leaving)
        await post(**ours)
        last = await post()
        told = await client.hears("post.new", 3)

    assert [body["post_id"] for body in told] == [first, inside, last]


async def test_a_new_password_ends_the_sockets_of_older_sessions(own_town: Town) -> None:
    async with connected(own_town.origin, cookie=own_town.people["ada"].session) as client:
        await listening(client, TIMELINE)
        await asyncio.to_thread(
            own_town.run,
            "from guildry.people.accounts import actions\n"
            "from guildry.people.accounts.models import Member\n"
            f"member = Member.objects.get(pk={own_town.people['ada'].id})\n"
            "actions.change_password(member, member=member, password='another long secret')",
        )

        assert await client.hears("bye") == [{"reason": "session_ended"}]
        await asyncio.wait_for(client.ended.wait(), 10)


async def test_whoever_was_at_a_killed_process_is_gone_with_its_lease(own_town: Town) -> None:
    look = (
        "from datetime import timedelta\n"
        "from guildry.kernel import clock\n"
        "from guildry.platform.realtime import queries, rules\n"
        "with clock.at(clock.now() + timedelta(seconds={})):\n"
        f"    print(queries.is_present({own_town.people['ada'].id}))"
    )

    def is_present(after: int) -> bool:
        return own_town.run(look.format(after)).splitlines()[-1] == "True"

    async with connected(own_town.origin, cookie=own_town.people["ada"].session) as client:
        await listening(client, ME)
        async with asyncio.timeout(20):
            while not await asyncio.to_thread(is_present, 0):
                await asyncio.sleep(0.2)
        await asyncio.to_thread(own_town.end, signal.SIGKILL)

    assert not is_present(31)


async def test_nothing_is_lost_doubled_or_moved_by_drops_and_a_kill(own_town: Town) -> None:
    """Three members come back again and again, from the place they had reached, to a process that was killed."""
    town, posts = own_town, 40
    heard: dict[str, list[tuple[int, int]]] = {who: [] for who in ("ada", "ben", "cleo")}
    started = asyncio.Event()

    async def follow(who: str, after: int | None) -> None:
        while len(heard[who]) < posts:
            try:
                async with connected(town.origin, cookie=town.people[who].session) as client:
                    reached = await listening(client, TIMELINE, after_seq=after)
                    after = reached if after is None else after
                    started.set()
                    known = len(heard[who])
                    await asyncio.wait({asyncio.create_task(client.ended.wait())}, timeout=0.7)
                    new = [(body["seq"], body["post_id"]) for body in client.bodies("post.new")]
                    heard[who] = heard[who][:known] + new
                    after = new[-1][0] if new else after
            except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
                await asyncio.sleep(0.1)

    async def publish() -> list[int]:
        made = []
        for number in range(posts):
            if number == posts // 2:
                await asyncio.to_thread(town.end, signal.SIGKILL)
                await asyncio.to_thread(town.start)
            author = ("finn", "gia", "hugo", "ida", "jon", "kim", "lea", "eve")[number % 8]
            made.append(await asyncio.to_thread(town.post, author, f"Number {number}"))
        return made

    async with asyncio.timeout(180), AsyncExitStack() as stack:
        start = await _place(town)
        following = [asyncio.create_task(follow(who, start)) for who in heard]
        stack.callback(lambda: [task.cancel() for task in following])
        await started.wait()
        made = await publish()
        await asyncio.gather(*following)

    for told in heard.values():
        assert [post_id for _, post_id in told] == made
        assert [seq for seq, _ in told] == sorted(seq for seq, _ in told)


async def _place(town: Town) -> int:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        return await listening(client, TIMELINE)
