"""A process stops cleanly at the first signal, at once at the second, and never shares what it holds."""

import asyncio
import signal
import socket
import threading

import pytest

from tests.processes.serving import Answer, Guildry, Starter, until

pytestmark = pytest.mark.processes


class Asking(threading.Thread):
    """Asks for a page in the background and keeps the answer."""

    def __init__(self, guildry: Guildry, path: str) -> None:
        super().__init__(daemon=True)
        self.guildry, self.path, self.answer = guildry, path, Answer(-1, {}, "")
        self.start()

    def run(self) -> None:
        self.answer = self.guildry.get(self.path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_a_running_request_finish_and_takes_no_other(start: Starter, number: int) -> None:
    guildry = start.serve()
    asking = Asking(guildry, "/workshop/slow/20/")
    until(lambda: start.lines("asked"), "the slow page is being made", guildry)

    guildry.send(number)
    until(lambda: guildry.get("/readyz").status != 200, "readiness falls", guildry, within=10)
    code = guildry.process.wait(60)
    asking.join(10)

    assert (asking.answer.status, asking.answer.body) == (200, "after 20")
    assert code == 0
    assert '"event":"stopped cleanly"' in guildry.said


def test_a_second_signal_ends_it_at_once(start: Starter) -> None:
    guildry = start.serve()
    asking = Asking(guildry, "/workshop/slow/600/")
    until(lambda: start.lines("asked"), "the slow page is being made", guildry)

    guildry.send(signal.SIGTERM)
    until(lambda: '"event":"stopping"' in guildry.said, "it stops", guildry)
    code = guildry.stop(within=10)
    asking.join(10)

    assert (code, asking.answer.status) == (70, 0)
    assert "Stopped at once" in guildry.said


def test_a_request_longer_than_the_grace_is_cut_and_said_so(start: Starter) -> None:
    guildry = start.serve("--grace", "0.5")
    Asking(guildry, "/workshop/slow/600/")
    until(lambda: start.lines("asked"), "the slow page is being made", guildry)

    code = guildry.stop()

    assert code == 70
    assert "Stopped, but cut off: 1 requests." in guildry.said


def test_a_running_job_is_finished_before_the_end(start: Starter) -> None:
    guildry = start.serve()
    start.workshop("long", "1.5")
    until(lambda: start.lines("began"), "the job runs", guildry)

    code = guildry.stop()

    assert (code, start.lines("ended")) == (0, ["1.5"])
    assert start.report()["dead"] == []


def test_a_folder_in_use_is_refused_with_the_process_that_holds_it(start: Starter) -> None:
    guildry = start.serve()

    said = start.run("serve", "--no-demo", "--port", "0", code=75)

    assert f"{start.data} is in use by process {guildry.pid}." in said
    assert guildry.get("/readyz").status == 200


def test_a_port_in_use_is_refused_with_what_to_do(start: Starter) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = start.run("serve", "--no-demo", "--port", str(port), code=69)

    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another --port." in said


def test_an_unknown_role_or_variable_is_refused_by_name(start: Starter) -> None:
    assert "A role is all, or some of realtime, web, worker" in start.run("serve", "--role", "wbe", code=2)

    start.environment["GUILDRY_DEBUGG"] = "1"

    assert "GUILDRY_DEBUGG E09 is the name of no key. -> did you mean GUILDRY_DEBUG?" in start.run(
        "serve", code=78
    )


def test_roles_on_sqlite_are_refused_with_the_reason(start: Starter) -> None:
    said = start.run("serve", "--role", "web,realtime", "--port", "0", code=78)

    assert "Role web,realtime shares its database with other processes" in said


async def test_two_hundred_requests_on_their_way_are_all_answered(start: Starter) -> None:
    guildry = await asyncio.to_thread(start.serve)
    port = int(guildry.origin.rpartition(":")[2])

    async def ask() -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /workshop/slow/1/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = (await reader.read()).decode()
        writer.close()
        return answer.splitlines()[0] + answer.rpartition("\r\n")[2]

    asking = [asyncio.create_task(ask()) for _ in range(200)]
    await asyncio.to_thread(until, lambda: start.lines("asked"), "the pages are being made", guildry)
    await asyncio.sleep(1)
    code = await asyncio.to_thread(guildry.stop)

    assert await asyncio.gather(*asking) == ["HTTP/1.1 200 OKafter 1"] * 200
    assert code == 0
