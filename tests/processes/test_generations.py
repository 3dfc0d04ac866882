"""The supervisor keeps the socket and the folder while generations of the site come and go."""

import http.client
import os
import pwd
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from guildry.platform.lifecycle.serving import records
from tests.processes.serving import Guildry, Starter, until

pytestmark = pytest.mark.processes


class Crowd:
    """Visitors on connections they keep, who ask again and again and never try twice."""

    def __init__(self, guildry: Guildry, visitors: int) -> None:
        self.place = urlsplit(guildry.origin).netloc
        self.failures: list[str] = []
        self.answers = 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._visit, daemon=True) for _ in range(visitors)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _visit(self) -> None:
        connection = http.client.HTTPConnection(self.place, timeout=30)
        while not self._over.is_set():
            try:
                connection.request("GET", "/healthz")
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failures.append(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
            self.answers += 1
            time.sleep(0.005)
        connection.close()


def serving(guildry: Guildry, folder: Path) -> dict[str, Any]:
    """Return the process of the generation that serves, waiting until there is only one."""

    def only() -> dict[str, Any]:
        found = records.last_words(folder, guildry.pid)
        alone = (
            len(found.get("processes", [])) == 1
            and found["processes"][0]["generation"] == found["generation"]
        )
        return dict(found["processes"][0]) if alone else {}

    return until(only, "one generation serves", guildry)


def coming(guildry: Guildry, folder: Path) -> dict[str, Any]:
    def newest() -> dict[str, Any]:
        found = records.last_words(folder, guildry.pid)
        return next((dict(p) for p in found["processes"] if p["generation"] > found["generation"]), {})

    return until(newest, "a generation is on its way", guildry)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_generations_follow_each_other_without_a_failed_request(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    pids = [serving(guildry, start.data)["pid"]]

    with Crowd(guildry, 8) as crowd:
        for number in (2, 3):
            said = start.run("restart")
            assert said == f"Process {guildry.pid} serves with generation {number}.\n"
            pids.append(serving(guildry, start.data)["pid"])
    code = guildry.stop()

    assert crowd.failures == []
    assert crowd.answers > 100
    assert len(set(pids)) == 3
    assert (code, [pid for pid in pids if is_alive(pid)]) == (0, [])
    assert guildry.said.count('"event":"stopped cleanly"') == 3


def test_a_request_that_began_before_is_finished_by_its_own_generation(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(guildry.get("/workshop/slow/80/").body))
    asking.start()
    until(lambda: start.lines("asked"), "the slow page is being made", guildry)

    start.run("restart")
    asking.join(30)

    assert answers == ["after 80"]
    assert guildry.stop() == 0


def test_a_generation_that_fails_leaves_the_one_before_in_its_place(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    first = serving(guildry, start.data)["pid"]

    with Crowd(guildry, 2) as crowd:
        guildry.send(signal.SIGUSR2)
        os.kill(coming(guildry, start.data)["pid"], signal.SIGKILL)
        until(lambda: "generation 1 goes on" in guildry.said, "it is said", guildry)

    assert crowd.failures == []
    assert serving(guildry, start.data)["pid"] == first
    assert guildry.stop() == 0


def test_a_generation_that_takes_too_long_is_given_up(start: Starter) -> None:
    guildry = start.serve("--ready-within", "0.2", supervised=True)

    said = start.run("restart", code=1)

    assert "Generation 2 ended with -9 before it was ready; generation 1 goes on." in said
    assert guildry.get("/readyz").status == 200
    assert guildry.stop() == 0


def test_a_site_that_crashes_is_started_again_and_nobody_is_refused(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    first = serving(guildry, start.data)["pid"]

    os.kill(first, signal.SIGKILL)
    answer = guildry.get("/healthz")

    assert answer.status == 200
    assert serving(guildry, start.data)["pid"] != first
    assert guildry.stop() == 0


def test_the_site_ends_with_a_killed_supervisor_and_lets_go_of_folder_and_port(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    site = serving(guildry, start.data)["pid"]
    port = guildry.origin.rpartition(":")[2]

    guildry.kill()
    again = start.serve("--port", port, supervised=True)

    assert not is_alive(site)
    assert again.stop() == 0


def test_a_second_signal_ends_a_supervised_site_at_once(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    asking = threading.Thread(target=guildry.get, args=("/workshop/slow/600/",), daemon=True)
    asking.start()
    until(lambda: start.lines("asked"), "the slow page is being made", guildry)

    guildry.send(signal.SIGINT)
    until(lambda: '"event":"stopping"' in guildry.said, "it stops", guildry)
    code = guildry.stop(signal.SIGINT, within=10)

    assert code == 70


def test_what_a_supervised_site_cannot_start_with_ends_it_with_the_same_code(start: Starter) -> None:
    start.environment["GUILDRY_DEBUGG"] = "1"

    guildry = start.begin(supervised=True)

    assert guildry.process.wait(60) == 78
    assert "GUILDRY_DEBUGG E09 is the name of no key" in guildry.said


def test_status_says_what_runs_and_drain_ends_it(start: Starter) -> None:
    nothing = start.run("status", code=1)
    guildry = start.serve(supervised=True)
    serving(guildry, start.data)

    shown, drained = start.run("status"), start.run("drain")

    assert nothing == f"Nothing runs on {start.data}.\n"
    assert f"process {guildry.pid}, role all, {guildry.origin}\n  generation 1: ready since " in shown
    assert drained == f"Process {guildry.pid} stopped.\n"
    assert guildry.process.wait(10) == 0
    assert start.run("drain", code=1) == f"Nothing runs on {start.data}.\n"


def test_who_restarts_or_drains_the_site_is_in_the_trail(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    serving(guildry, start.data)

    start.run("restart", "--reason", "A new release")
    start.run("drain")

    after = start.serve()
    until(lambda: start.run("audit", "tail").count("\n") == 2, "both are in the trail", after)
    renewed, drained = (line.split("\t") for line in start.run("audit", "tail").splitlines())
    own = pwd.getpwuid(os.getuid()).pw_name
    assert renewed[4] == drained[4] == f"process:{guildry.pid}"
    assert renewed[5].startswith("A new release (ordered by ")
    assert drained[5].startswith("Ordered by ")
    assert all(
        line[5].rstrip(")").endswith(f"{own} at {socket.gethostname()}") for line in (renewed, drained)
    )
    assert after.stop() == 0


def test_a_site_without_its_database_can_be_drained_all_the_same(start: Starter) -> None:
    guildry = start.serve(supervised=True)
    serving(guildry, start.data)
    with sqlite3.connect(start.data / "guildry.db") as database:
        database.execute("ALTER TABLE facts_fact RENAME TO facts_gone")

    said = start.run("drain", code=70)

    assert f"Process {guildry.pid} stopped, but cut off: facts.relay." in said
    assert "This order is not in the audit trail: no such table" in said


def test_drain_hands_on_what_was_cut_off(start: Starter) -> None:
    guildry = start.serve("--grace", "0.5", supervised=True)
    threading.Thread(target=guildry.get, args=("/workshop/slow/600/",), daemon=True).start()
    until(lambda: start.lines("asked"), "the slow page is being made", guildry)

    said = start.run("drain", code=70)

    assert said == f"Process {guildry.pid} stopped, but cut off: 1 requests.\n"


def test_one_process_alone_cannot_be_renewed(start: Starter) -> None:
    guildry = start.serve()

    said = start.run("restart", code=64)
    guildry.send(signal.SIGUSR2)
    until(lambda: "nobody starts a new generation" in guildry.said, "it says so", guildry)

    assert said == f"Process {guildry.pid} was started with --no-supervisor and cannot be renewed.\n"
    assert guildry.get("/readyz").status == 200


@pytest.mark.parametrize("supervised", [True, False])
def test_a_hangup_reads_the_configuration_again(start: Starter, *, supervised: bool) -> None:
    guildry = start.serve(supervised=supervised)

    guildry.send(signal.SIGHUP)
    until(lambda: start.lines("reloaded"), "it was read", guildry)
    (start.data / "refuse.txt").touch()
    guildry.send(signal.SIGHUP)
    until(lambda: "reload failed, nothing changed" in guildry.said, "it is refused", guildry)

    assert start.lines("reloaded") == ["once"]
    assert guildry.get("/readyz").status == 200
    assert guildry.stop() == 0


def test_a_lame_duck_answers_while_it_says_that_it_goes(start: Starter) -> None:
    guildry = start.serve("--lame-duck", "1.5")

    guildry.send(signal.SIGTERM)
    until(lambda: guildry.get("/readyz").status == 503, "readiness falls", guildry, within=1)
    page = guildry.get("/healthz").status
    code = guildry.process.wait(20)

    assert (page, code) == (200, 0)


@contextmanager
def systemd(start: Starter) -> Iterator[socket.socket]:
    """Listen where systemd would."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        address = f"\0guildry-{os.getpid()}-{time.monotonic_ns()}"
        ear.bind(address)
        ear.settimeout(30)
        start.environment |= {"NOTIFY_SOCKET": "@" + address[1:], "WATCHDOG_USEC": "2000000"}
        yield ear


def told(ear: socket.socket, wanted: str) -> dict[str, str]:
    """Return the first message with a field, and fail when none comes."""
    while True:
        message = dict(line.split("=", 1) for line in ear.recv(4096).decode().splitlines())
        if wanted in message:
            return message


@pytest.mark.parametrize("supervised", [True, False])
def test_systemd_hears_of_every_stage(start: Starter, *, supervised: bool) -> None:
    with systemd(start) as ear:
        guildry = start.serve(supervised=supervised)
        ready, alive = told(ear, "READY"), [told(ear, "WATCHDOG") for _ in range(3)]
        guildry.send(signal.SIGHUP)
        reloading, reloaded = told(ear, "RELOADING"), told(ear, "READY")
        guildry.send(signal.SIGTERM)
        stopping = told(ear, "STOPPING")
        code = guildry.process.wait(30)

    assert ready["READY"] == "1"
    assert ready["STATUS"].endswith("is ready")
    assert alive == [{"WATCHDOG": "1"}] * 3
    assert reloading["RELOADING"] == "1"
    assert abs(int(reloading["MONOTONIC_USEC"]) / 1_000_000 - time.monotonic()) < 60
    assert reloaded["READY"] == "1"
    assert stopping["STOPPING"] == "1"
    assert int(stopping["EXTEND_TIMEOUT_USEC"]) == 85_000_000
    assert code == 0
