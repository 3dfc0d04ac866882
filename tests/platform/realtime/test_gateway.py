"""Who may connect, what they may send, and what they hear, over real sockets of a real process."""

import asyncio
import signal
import time

import pytest

from tests.platform.realtime.client import Refused, connected
from tests.platform.realtime.town import Town

pytestmark = pytest.mark.processes
TIMELINE, ME = "/timeline", "/me"


async def code_of(awaitable: object) -> str:
    with pytest.raises(Refused) as refused:
        await awaitable  # type: ignore[misc]
    return str(refused.value.code)


async def test_nobody_enters_without_a_session_or_a_ticket(town: Town) -> None:
    async with connected(town.origin) as client:
        assert await code_of(client.join(TIMELINE)) == "unauthenticated"
        assert await code_of(client.join(ME, ticket="")) == "unauthenticated"


async def test_a_session_that_is_unknown_opens_nothing(town: Town) -> None:
    async with connected(town.origin, cookie="made-up") as client:
        assert await code_of(client.join(TIMELINE)) == "unauthenticated"


@pytest.mark.parametrize("page", ["http://evil.example", "null", "https://localhost.evil.example"])
async def test_a_session_opens_nothing_from_pages_of_others(town: Town, page: str) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session, page=page) as client:
        assert await code_of(client.join(TIMELINE)) == "wrong_origin"


async def test_an_unknown_namespace_is_refused(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        assert await code_of(client.join("/nowhere")) == "unknown_namespace"


async def test_proof_of_another_shape_is_refused(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        assert await code_of(client.join(TIMELINE, tickets="x")) == "malformed"
        assert await code_of(client.join(TIMELINE, ticket=5)) == "malformed"


async def test_a_ticket_opens_one_namespace_once(town: Town) -> None:
    ticket = town.ticket("ada")

    async with connected(town.origin, page="https://a-program.example") as client:
        await client.join(ME, ticket=ticket)
        assert (await client.ask(ME, "notification.read", {"ids": []}))["ok"] is True
        assert await code_of(client.join(TIMELINE, ticket=ticket)) == "ticket_refused"


async def test_a_ticket_expires(town: Town) -> None:
    ticket = town.ticket("ada")
    town.run(
        "from guildry.platform.realtime.models import Ticket\n"
        "from datetime import UTC, datetime\n"
        "Ticket.objects.update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))"
    )

    async with connected(town.origin) as client:
        assert await code_of(client.join(ME, ticket=ticket)) == "ticket_refused"


async def test_one_connection_serves_one_member(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        await client.join(ME)
        assert await code_of(client.join(TIMELINE, ticket=town.ticket("ben"))) == "forbidden"


async def test_events_that_nobody_declared_are_refused(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        await client.join(ME)
        answers = [await client.ask(ME, name, {}) for name in ("shout", "connect", "disconnect", "*", "")]

    assert {(answer["ok"], answer["code"]) for answer in answers} == {(False, "unknown_event")}


async def test_an_event_called_disconnect_hides_no_socket_from_its_bye(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["eve"].session) as client:
        await client.join(ME)
        await client.ask(ME, "disconnect", "done")
        (session,) = town.call("eve", "GET", "/api/v1/me/sessions")
        town.call("eve", "DELETE", f"/api/v1/me/sessions/{session['id']}")

        assert await client.hears("bye") == [{"reason": "session_ended"}]


@pytest.mark.parametrize(
    "arguments",
    [[{"ids": "all"}], [{"id": [1]}], [{"ids": [], "up_to": 1.5}], [{}, {}], ["text"], [[1]]],
)
async def test_a_payload_of_another_shape_is_refused(town: Town, arguments: list[object]) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        await client.join(ME)
        answer = await client.ask(ME, "notification.read", *arguments)

    assert (answer["ok"], answer["code"]) == (False, "malformed")
    assert answer["message"].startswith("This event could not be read: ")


async def test_too_many_events_are_refused_with_the_time_to_try_again(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["finn"].session) as client:
        await client.join(ME)
        answers = [await client.ask(ME, "notification.read", {"ids": []}) for _ in range(60)]

    refused = [answer for answer in answers if not answer["ok"]]
    assert answers[0] == {"ok": True, "unread": 0}
    assert refused
    assert {answer["code"] for answer in refused} == {"too_many"}
    assert all(0 < answer["retry_after"] <= 1 for answer in refused)


async def test_only_so_many_events_of_a_connection_may_wait(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["gia"].session) as client:
        await client.join(ME)
        answers = await asyncio.gather(
            *(client.ask(ME, "notification.read", {"ids": []}) for _ in range(150))
        )

    messages = {answer["message"] for answer in answers if not answer["ok"]}
    assert "Earlier events of this connection still wait. Send the next one after their answers." in messages


async def test_a_flood_ends_the_connection(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["hugo"].session) as client:
        await client.join(ME)
        for _ in range(400):
            await client.socket.send('42/me,["nothing",{}]')
        await asyncio.wait_for(client.ended.wait(), 10)

        assert [body["reason"] for body in client.bodies("bye")] == ["flood"]
        assert client.close_reason == "flood"


@pytest.mark.parametrize("packet", [b"\x00\x01", "451-/me,[{}]", "4" + "x" * 70_000])
async def test_what_nothing_here_takes_ends_the_connection(town: Town, packet: str | bytes) -> None:
    async with connected(town.origin, cookie=town.people["cleo"].session) as client:
        await client.join(ME)
        await client.socket.send(packet)
        await asyncio.wait_for(client.ended.wait(), 10)

        assert client.close_reason == "flood"


@pytest.mark.parametrize("packet", ["42/me,nonsense", "42/me,{}", "42/me", "4", "49/me,[]", "7"])
async def test_a_packet_that_cannot_be_read_harms_nobody(town: Town, packet: str) -> None:
    async with connected(town.origin, cookie=town.people["cleo"].session) as client:
        await client.join(ME)
        await client.socket.send(packet)

        assert (await client.ask(ME, "resume", {}))["ok"] is True


async def test_a_connection_that_joins_nothing_is_sent_away(town: Town) -> None:
    async with connected(town.origin) as client:
        await asyncio.wait_for(client.ended.wait(), 20)

        assert client.close_reason == "no namespace joined"


async def test_a_member_may_have_so_many_connections(town: Town) -> None:
    cookie = town.people["ida"].session
    async with asyncio.timeout(60):
        stack = [connected(town.origin, cookie=cookie) for _ in range(21)]
        clients = [await entry.__aenter__() for entry in stack]
        for client in clients[:20]:
            await client.join(ME)

        assert await code_of(clients[20].join(ME)) == "too_many_connections"

        await stack[0].__aexit__(None, None, None)
        await asyncio.sleep(0.5)
        await clients[20].join(ME)
        for entry in stack[1:]:
            await entry.__aexit__(None, None, None)


async def test_a_post_reaches_everyone_who_listens_within_a_second(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        await client.join(TIMELINE)
        assert (await client.ask(TIMELINE, "resume", {}))["ok"] is True
        post_id = await asyncio.to_thread(town.post, "ben", "Good morning")
        posted_at = time.monotonic()
        (told,) = await client.hears("post.new")

    assert (told["post_id"], told["author_id"]) == (post_id, town.people["ben"].id)
    assert told["seq"] > 0
    assert time.monotonic() - posted_at < 1.0


async def test_a_socket_hears_nothing_before_it_says_where_it_stopped(town: Town) -> None:
    async with (
        connected(town.origin, cookie=town.people["ada"].session) as ada,
        connected(town.origin, cookie=town.people["ben"].session) as ben,
    ):
        await ada.join(TIMELINE)
        await ben.join(TIMELINE)
        start = (await ben.ask(TIMELINE, "resume", {}))["last_seq"]
        await asyncio.to_thread(town.post, "cleo", "Who hears this?")
        await ben.hears("post.new")
        heard_before = ada.bodies("post.new")
        answer = await ada.ask(TIMELINE, "resume", {"after_seq": start})

        assert heard_before == []
        assert answer["ok"] is True
        assert "reset" not in answer
        assert ada.bodies("post.new") == ben.bodies("post.new")
        assert answer["last_seq"] >= ada.bodies("post.new")[-1]["seq"]


async def test_what_a_member_may_not_read_is_not_told(town: Town) -> None:
    async with (
        connected(town.origin, cookie=town.people["ada"].session) as ada,
        connected(town.origin, cookie=town.people["ben"].session) as ben,
    ):
        for client in (ada, ben):
            await client.join(TIMELINE)
            await client.ask(TIMELINE, "resume", {})
        await asyncio.to_thread(
            town.call,
            "ben",
            "POST",
            "/api/v1/timeline/posts",
            {"body": "Friends only", "audience": "connections"},
        )
        last = await asyncio.to_thread(town.post, "ben", "For all")
        told_ben = await ben.hears("post.new", 2)
        await ada.hears("post.new")

        assert [body["post_id"] for body in ada.bodies("post.new")] == [last]
        assert len(told_ben) == 2


async def test_nobody_may_resume_from_a_future_or_a_distant_past(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["ada"].session) as client:
        await client.join(TIMELINE)
        ahead = await client.ask(TIMELINE, "resume", {"after_seq": 10_000_000})
        again = await client.ask(TIMELINE, "resume", {"after_seq": 1})
        wrong = await client.ask(TIMELINE, "resume", {"after_seq": "1"})

    assert (ahead["ok"], ahead["reset"]) == (True, True)
    assert again == {"ok": True, "last_seq": ahead["last_seq"]}
    assert wrong["code"] == "malformed"


async def test_ending_a_session_says_bye_within_a_second(town: Town) -> None:
    async with connected(town.origin, cookie=town.people["jon"].session) as client:
        await client.join(TIMELINE)
        await client.join(ME)
        (session,) = town.call("jon", "GET", "/api/v1/me/sessions")
        town.call("jon", "DELETE", f"/api/v1/me/sessions/{session['id']}")
        ended_at = time.monotonic()
        await asyncio.wait_for(client.ended.wait(), 10)

        assert time.monotonic() - ended_at < 1.0
        assert client.bodies("bye") == [{"reason": "session_ended"}] * 2


async def test_suspension_ends_sockets_of_programs_too(town: Town) -> None:
    async with connected(town.origin) as client:
        await client.join(ME, ticket=town.ticket("kim"))
        await asyncio.to_thread(
            town.run,
            "from guildry.kernel.permissions import SYSTEM\n"
            "from guildry.people.accounts import actions\n"
            f"actions.suspend_member(SYSTEM, member_id={town.people['kim'].id}, reason='Spam.')",
        )
        assert await client.hears("bye") == [{"reason": "suspended"}]
        await asyncio.wait_for(client.ended.wait(), 10)


async def test_revoking_a_token_ends_the_sockets_it_opened(town: Town) -> None:
    async with connected(town.origin) as client:
        await client.join(ME, ticket=town.ticket("lea"))
        await asyncio.to_thread(
            town.run,
            "from guildry.people.accounts import actions\n"
            "from guildry.people.accounts.models import AccessToken, Member\n"
            f"member = Member.objects.get(pk={town.people['lea'].id})\n"
            "actions.revoke_token(member, token_id=AccessToken.objects.get(member=member).pk)",
        )

        assert await client.hears("bye") == [{"reason": "token_revoked"}]


async def test_a_process_told_to_stop_says_when_to_come_back(own_town: Town) -> None:
    async with connected(own_town.origin, cookie=own_town.people["ada"].session) as client:
        await client.join(TIMELINE)
        stopped = asyncio.create_task(asyncio.to_thread(own_town.end, signal.SIGTERM))
        (told,) = await client.hears("server:draining", within=1.0)
        await asyncio.wait_for(client.ended.wait(), 2)

        assert told == {"retry_after": 0.25, "jitter": 0.25}
    assert await stopped == 0
