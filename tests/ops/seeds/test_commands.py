"""`guildry seed` in a process of its own, in a folder where nothing is yet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import steps


def seed(*words: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GUILDRY_")}
    return subprocess.run(
        [sys.executable, "-m", "guildry.config", "seed", *words],
        env={**plain, "PYTHONPATH": str(steps.ROOT / "src"), "DJANGO_SETTINGS_MODULE": "guildry.config.settings"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.processes
def test_a_large_community_is_made_where_nothing_is_yet(tmp_path: Path) -> None:
    where = ["--data", str(tmp_path / "data")]
    empty = seed("verify", *where)
    made = seed("scale", "--members", "30", "--posts", "40", "--verify", *where)

    assert (empty.returncode, empty.stdout) == (1, "Nothing is here yet: this database has no tables.\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("Made 30 members and 40 posts in ")
    assert made.stdout.endswith("Every counter is what counting says.\n")
