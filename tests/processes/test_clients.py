"""The generated clients against a served community: their own examples run as they are committed."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from guildry.ops.contracts.queries import CLIENTS
from tests.platform.realtime.town import Town, founded

pytestmark = pytest.mark.processes
EXAMPLES = {"python": [sys.executable, "example.py"], "typescript": ["node", "example.mjs"]}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = founded(tmp_path_factory.mktemp("clients"))
    running.start()
    yield running
    running.end()


@pytest.mark.parametrize("language", sorted(EXAMPLES))
def test_the_example_of_a_client_runs(language: str, town: Town) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "GUILDRY_ORIGIN": town.origin,
        "GUILDRY_TOKEN": town.people["ada"].token,
    }

    ran = subprocess.run(
        EXAMPLES[language],
        cwd=CLIENTS / language,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("@ada wrote, read, reacted, edited and deleted post ")
