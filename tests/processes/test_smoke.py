"""The smoke tests pass on the real program, and name the step that does not."""

import subprocess
import sys

import pytest

from tests.processes.serving import Starter
from tests.processes.workshop.rules import PASSWORD
from tools import services, steps

pytestmark = pytest.mark.processes

OWN = ["start", "join", "sign-in", "post", "socket", "job", "stop"]


def smoke(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.smoke", *words]
    return subprocess.run(command, cwd=steps.ROOT, input=said, capture_output=True, text=True, timeout=400)


def passed(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  ok")]


def test_every_step_passes_on_sqlite() -> None:
    done = smoke()

    assert (passed(done), done.returncode) == (OWN, 0), done.stdout + done.stderr


@pytest.mark.mariadb
def test_every_step_passes_on_mariadb_with_redis() -> None:
    done = smoke("--on", "servers")

    assert (passed(done), done.returncode) == (OWN, 0), done.stdout + done.stderr


def test_a_running_site_is_tried_and_left_as_it_was(start: Starter) -> None:
    start.workshop("join")
    guildry = start.serve()

    done = smoke("--on", guildry.origin, "--email", "ada@example.org", said=f"{PASSWORD}\n")

    assert (passed(done), done.returncode) == (["reach", "sign-in", "post", "socket", "job"], 0), done.stdout
    assert '"items":[]' in guildry.get("/api/v1/timeline/posts").body


def test_a_step_that_fails_is_named(start: Starter) -> None:
    start.workshop("join")
    guildry = start.serve()

    done = smoke("--on", guildry.origin, "--email", "ada@example.org", said="not the password\n")

    assert passed(done) == ["reach"]
    assert "FAIL  sign-in" in done.stdout
    assert (done.returncode, done.stderr.strip()) == (1, "smoke: the step sign-in failed.")


def test_a_site_that_is_not_there_is_said() -> None:
    done = smoke("--on", f"http://localhost:{services.free_port()}", "--email", "a@example.org", said="x\n")

    assert "FAIL  reach" in done.stdout
    assert done.returncode == 1


def test_a_place_that_is_none_is_refused_with_what_to_write() -> None:
    nowhere, nobody = smoke("--on", "guild.example"), smoke("--on", "https://guild.example")

    assert (nowhere.returncode, nobody.returncode) == (2, 2)
    assert "an address that begins with http:// or https://" in nowhere.stderr
    assert "needs --email" in nobody.stderr
