"""What the site needs goes away while it runs: members see why, operators see what, and it recovers by itself."""

import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.processes.serving import Guildry, Starter, until

pytestmark = pytest.mark.processes


def state_of(guildry: Guildry) -> tuple[int, Any]:
    answer = guildry.get("/readyz")
    return answer.status, answer.json()["status"]


@contextmanager
def no_more_room(guildry: Guildry) -> Iterator[None]:
    """Let the process write nothing beyond the first pages of any file, as if the disk were full."""
    most = resource.prlimit(guildry.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(guildry.pid, resource.RLIMIT_FSIZE, (16 * 1024, most[1]))
    try:
        yield
    finally:
        resource.prlimit(guildry.pid, resource.RLIMIT_FSIZE, most)


def test_a_full_disk_is_said_and_forgotten_when_there_is_room_again(start: Starter) -> None:
    guildry = start.serve()
    until(lambda: state_of(guildry) == (200, "pass"), "all is well", guildry)

    with no_more_room(guildry):
        refused = guildry.get("/workshop/writing/", Accept="text/html")
        until(lambda: state_of(guildry) == (200, "warn"), "the probe warns", guildry)
        read = guildry.get("/sign-in/")

    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert "<h1" in refused.body
    assert read.status == 200
    until(lambda: state_of(guildry) == (200, "pass"), "it recovered", guildry)
    assert guildry.get("/workshop/writing/").status == 200
    assert guildry.stop() == 0
    assert start.report()["marks"] == {"page": 1}


def test_a_locked_database_is_waited_for_then_said_then_forgotten(start: Starter) -> None:
    guildry = start.serve()
    until(lambda: state_of(guildry) == (200, "pass"), "all is well", guildry)
    other = sqlite3.connect(start.data / "guildry.db", isolation_level=None)

    other.execute("BEGIN EXCLUSIVE")
    refused = guildry.get("/workshop/writing/", Accept="application/json")
    until(lambda: state_of(guildry) == (200, "warn"), "the probe warns", guildry)
    read = guildry.get("/")
    other.execute("ROLLBACK")

    problem = refused.json()
    assert (refused.status, problem["code"], problem["retry_after"]) == (503, "unavailable", 2)
    assert read.status == 200
    until(lambda: state_of(guildry) == (200, "pass"), "it recovered", guildry)
    assert guildry.get("/workshop/writing/").status == 200
    assert guildry.stop() == 0


def test_a_folder_that_cannot_be_written_is_refused_with_its_name(start: Starter) -> None:
    start.data.chmod(0o555)
    for name in ("guildry.pid", "guildry.db"):
        (start.data / name).unlink(missing_ok=True)

    done = start.begin(wrapper=without_power())
    code = done.process.wait(60)
    start.data.chmod(0o755)

    assert code == 78
    assert f"GUILDRY_DATA_DIR E22 cannot be written to: {start.data}." in done.said


def without_power() -> list[str]:
    """Return a command in front of another that takes away root's right to write everywhere."""
    if os.geteuid() != 0:
        return []
    assert shutil.which("setpriv"), "setpriv comes with util-linux."
    return [
        "setpriv",
        "--bounding-set",
        "-dac_override,-dac_read_search",
        "--inh-caps",
        "-dac_override,-dac_read_search",
    ]
