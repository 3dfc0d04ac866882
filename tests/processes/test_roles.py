"""Several processes on one port, one database and one Redis are one community."""

import os
import re
import signal
import time
from collections import Counter

import httpx
import pytest

from tests.processes.serving import Starter, until
from tests.processes.workshop.rules import PASSWORD
from tools import services

pytestmark = [pytest.mark.processes, pytest.mark.mariadb]


class Visitor:
    """A browser without a screen that opens a new connection for every request."""

    def __init__(self, origin: str) -> None:
        self.client = httpx.Client(base_url=origin, headers={"Connection": "close"}, timeout=60)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def fill_in(self, path: str, **fields: str) -> httpx.Response:
        """Send the form of a page with its hidden token."""
        page = self.client.get(path)
        (token, *_) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        headers = {"Origin": str(self.client.base_url).rstrip("/")}
        return self.client.post(path, data={"csrfmiddlewaretoken": token, **fields}, headers=headers)

    def sign_in(self, handle: str) -> None:
        answer = self.fill_in("/sign-in/", login=f"{handle}@example.org", password=PASSWORD)
        assert answer.status_code in (302, 303), answer.text


def test_a_post_made_at_one_process_reaches_a_member_at_another(start_on_servers: Starter) -> None:
    """Two processes serve pages and sockets on one port, a third delivers facts and runs jobs."""
    start, port = start_on_servers, str(services.free_port())
    fronts = [start.serve("--role", "web,realtime", "--port", port)]
    start.workshop("join")
    fronts.append(start.serve("--role", "web,realtime", "--port", port))
    worker = start.serve("--role", "worker")
    ada, ben = (Visitor(f"http://localhost:{port}") for _ in range(2))
    ada.sign_in("ada")
    ben.sign_in("ben")

    posted = ada.fill_in(
        "/timeline/compose/", body="Good morning, @ben", audience="everyone", intent="publish"
    )

    assert posted.status_code == 303
    until(lambda: "Ada mentioned you" in ben.get("/notifications/").text, "Ben is told", worker)
    answers = [ben.client.post("/sign-in/").status_code for _ in range(30)]
    asked = [front.said.count('"event":"POST /sign-in/"') for front in fronts]
    # Twenty tries at once are allowed, wherever they arrive; two separate counts would have allowed forty.
    assert min(asked) >= 3
    assert answers[-1] == 429
    assert [guildry.stop() for guildry in (*fronts, worker)] == [0, 0, 0]


def test_each_role_alone_starts_and_does_only_its_part(start_on_servers: Starter) -> None:
    start = start_on_servers
    web, realtime, worker = (start.serve("--role", role) for role in ("web", "realtime", "worker"))

    assert web.get("/").status == 200
    assert realtime.get("/").status == 404
    assert (web.get("/healthz").status, realtime.get("/healthz").status) == (200, 200)
    assert worker.origin == ""
    assert [guildry.stop() for guildry in (web, realtime, worker)] == [0, 0, 0]


def test_two_schedulers_fire_each_slot_once(start_on_servers: Starter) -> None:
    start = start_on_servers
    workers = [start.serve("--role", "worker") for _ in range(2)]

    until(lambda: len(start.lines("ticked")) >= 6, "six slots were fired", workers[0])
    assert [worker.stop() for worker in workers] == [0, 0]

    ticks = start.lines("ticked")
    assert len(ticks) == len(set(ticks))


def test_no_job_is_lost_when_workers_are_killed(start_on_servers: Starter) -> None:
    start, jobs = start_on_servers, 1000
    start.serve("--role", "worker").stop()
    start.workshop("give", str(jobs), "--die", code=-9)

    first, second = (start.serve("--role", "worker") for _ in range(2))
    until(lambda: len(start.lines("worked")) > 100, "they work", first)
    first.kill()
    until(lambda: start.report()["jobs"] == {"done": jobs}, "every job is done", second)
    assert second.stop() == 0

    worked = Counter(int(number) for number in start.lines("worked"))
    assert set(worked) == set(range(jobs))
    # Who was killed may have written its line, and not yet its mark.
    marks = start.report()["marks"]
    assert all(1 <= marks[f"job {number}"] <= worked[number] for number in range(jobs))


def test_redis_may_go_and_come_back(start_on_servers: Starter) -> None:
    start, port = start_on_servers, services.free_port()
    start.environment["GUILDRY_REDIS"] = f"redis://127.0.0.1:{port}/0"
    with services.redis(port):
        guildry = start.serve("--role", "web,realtime,worker")
        until(lambda: guildry.get("/readyz").json() == {"status": "pass"}, "all is well", guildry)

    until(lambda: guildry.get("/readyz").json() == {"status": "warn"}, "the probe warns", guildry)
    assert guildry.get("/").status == 200
    start.workshop("ring", "3")
    until(lambda: len(guildry.report()["effects"]) == 3, "facts are delivered without hints", guildry)

    with services.redis(port):
        until(lambda: guildry.get("/readyz").json() == {"status": "pass"}, "it recovered", guildry)
        assert guildry.stop() == 0


def test_a_database_that_hangs_takes_the_site_out_of_traffic_until_it_is_back(
    start_on_servers: Starter,
) -> None:
    with services.mariadb() as database:
        pid = services.pid_of(database)
        start_on_servers.environment["GUILDRY_DATABASE"] = database
        guildry = start_on_servers.serve("--role", "web,realtime,worker")
        until(lambda: guildry.get("/readyz").json() == {"status": "pass"}, "all is well", guildry)

        os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        until(lambda: guildry.get("/readyz").status == 503, "readiness falls", guildry, within=10)
        fell = time.monotonic() - began
        refused = guildry.get("/workshop/writing/", Accept="text/html")
        os.kill(pid, signal.SIGCONT)

        assert fell < 5
        assert refused.status == 503
        assert "<h1" in refused.body
        until(lambda: guildry.get("/readyz").json() == {"status": "pass"}, "it recovered", guildry)
        assert guildry.get("/workshop/writing/").status == 200
        assert guildry.stop() == 0
