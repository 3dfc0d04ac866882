"""Whoever changes the schema is killed at points of the journal; the end is that of an undisturbed run."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.processes


def swept(engine: str, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tools.killsweep", engine, "--json", *words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((".", "src"))}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(
        next(line for line in done.stdout.splitlines() if line.startswith("{"))
    )
    return found


def test_a_sample_of_the_sweep_converges_on_sqlite() -> None:
    found = swept("sqlite", "--every", "60", "--offset", "7")

    assert found["client"]["differences"] == []
    assert found["client"]["kills"] >= 8
    assert len(found["client"]["points"]) > 450


@pytest.mark.mariadb
def test_a_sample_of_the_sweep_converges_on_mariadb_though_the_server_is_killed() -> None:
    found = swept("mariadb", "--every", "300", "--offset", "11", "--server-kills", "2")

    assert found["client"]["differences"] == found["server"]["differences"] == []
    assert found["client"]["kills"] >= 4
    assert found["server"]["kills"] == 2
