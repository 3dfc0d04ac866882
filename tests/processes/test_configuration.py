"""Whatever ends in the middle of a change of the configuration, every process keeps what it had, whole."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.processes.serving import Guildry, Starter, until
from tests.processes.workshop.rules import DRAFTS, POSTS
from tools import faultproxy

pytestmark = pytest.mark.processes
DELIVERED, CHANGED = [100, 20, 8], [101, 21, 8]
IN_TURN = [DELIVERED, CHANGED, [111, 21, 8], [111, 20, 8], [111, 20, 9]]
WAYS = ["change", "override", "rollback", "approval"]


class Watch:
    """Asks processes again and again what they have in force, and keeps each answer that differs from the one before."""

    def __init__(self, *watched: Guildry) -> None:
        self.seen: list[list[Any]] = [[] for _ in watched]
        self._watched, self._over = watched, threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        while not self._over.wait(0.1):
            for guildry, seen in zip(self._watched, self.seen, strict=True):
                if (now := in_force(guildry)) not in seen[-1:]:
                    seen.append(now)

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join(30)


def in_force(guildry: Guildry) -> Any:
    answer = guildry.get("/ops/health/values/")
    return answer.json()["values"] if answer.status == 200 else answer.status


def said(start: Starter, *words: str) -> Any:
    return json.loads(start.workshop(*words).splitlines()[-1])


def come_in_turn(seen: list[Any]) -> bool:
    """Tell whether answers are versions, none of them mixed with another and none before its time."""
    versions = iter(IN_TURN)
    return all(values in versions for values in seen)


def sweep(start: Starter, *guildries: Guildry) -> None:
    """Have every way of changing killed at each of its statements while processes serve, and see what they serve."""
    watch = Watch(*guildries)
    with watch.running():
        swept = said(start, "sweep")
        for guildry in guildries:
            until(lambda guildry=guildry: in_force(guildry) == IN_TURN[-1], "the last version", guildry)

    assert list(swept) == WAYS
    assert [way["version"] for way in swept.values()] == [1, 2, 3, 4]
    assert all(way["left as it was"] == way["killed"] - 1 >= 8 for way in swept.values()), swept
    assert all(come_in_turn(seen) for seen in watch.seen), watch.seen


def test_a_process_killed_in_the_middle_of_a_change_leaves_the_old_version_everywhere(start: Starter) -> None:
    guildry = start.serve()

    sweep(start, guildry)

    assert guildry.stop() == 0


def test_a_change_goes_on_after_the_process_that_made_it_was_killed(start: Starter) -> None:
    """The commit is what counts: whoever starts afterwards has it, and the next change stands on it."""
    said(start, "sweep")

    guildry = start.serve()

    assert in_force(guildry) == IN_TURN[-1]
    start.run("config", "set", f"{POSTS}=22", "--reason", "More room.")
    until(lambda: in_force(guildry) == [111, 22, 9], "the next version", guildry)
    assert guildry.stop() == 0


@pytest.mark.mariadb
def test_several_processes_keep_one_version_while_those_that_change_it_are_killed(
    start_on_servers: Starter,
) -> None:
    guildries = [start_on_servers.serve("--role", "web,realtime,worker") for _ in range(2)]

    sweep(start_on_servers, *guildries)

    assert [guildry.stop() for guildry in guildries] == [0, 0]


@pytest.mark.mariadb
def test_a_database_that_goes_away_in_the_middle_of_a_change_leaves_the_old_version_everywhere(
    start_on_servers: Starter,
) -> None:
    start, server = start_on_servers, urlsplit(os.environ["GUILDRY_TEST_DATABASE"])
    with faultproxy.between(server.hostname or "", server.port or 0) as line:
        through = urlsplit(start.environment["GUILDRY_DATABASE"])._replace(
            netloc=f"root@127.0.0.1:{line.port}"
        )
        start.environment["GUILDRY_DATABASE"] = through.geturl()
        guildries = [start.serve("--role", "web,realtime,worker") for _ in range(2)]
        before = said(start, "stored")

        for statement in (1, 5, 9):
            assert halted(start, line, statement, guildries) == "OperationalError"
            assert said(start, "stored") == before

        start.run("config", "set", f"{DRAFTS}=101", f"{POSTS}=21", "--reason", "Now it can.")
        for guildry in guildries:
            until(lambda guildry=guildry: in_force(guildry) == CHANGED, "the new version", guildry)
        assert [guildry.stop() for guildry in guildries] == [0, 0]


def halted(start: Starter, line: faultproxy.Remote, statement: int, guildries: list[Guildry]) -> Any:
    """Take the database away while a change stands after a statement; returns what became of the change."""
    outcome: list[Any] = []
    change = threading.Thread(target=lambda: outcome.append(said(start, "halt", str(statement))))
    change.start()
    halt = start.data / "halted.txt"
    until(halt.exists, "the change halts")
    with line.failing(reset=True):
        halt.unlink()
        change.join(60)
        for guildry in guildries:
            until(lambda guildry=guildry: guildry.get("/readyz").status == 503, "readiness falls", guildry)
            assert in_force(guildry) == DELIVERED
    for guildry in guildries:
        until(lambda guildry=guildry: guildry.get("/readyz").status == 200, "it recovered", guildry)
        assert in_force(guildry) == DELIVERED
    return outcome[0]
