"""A site that runs makes and rehearses its backups by itself, and nothing of a backup is left after a kill."""

import json
from pathlib import Path

import pytest

from guildry.ops.backups import archive
from tests.processes.serving import Starter, starter, until

pytestmark = pytest.mark.processes

KEYS = [archive.new_identity(), archive.new_identity()]
RECIPIENTS = ",".join(str(key.to_public()) for key in KEYS)


def listed(start: Starter) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(start.run("backup", "list", "--json"))
    return rows


def test_a_site_makes_and_rehearses_its_first_backup_by_itself(prepared: Path, tmp_path: Path) -> None:
    with starter(prepared, tmp_path, GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start:
        site = start.serve()
        until(lambda: "backups.DrillFinished" in trail(start), "the backup is rehearsed", site)

        [made] = listed(start)
        (tmp_path / "key").write_text(f"{KEYS[1]}\n")
        start.run("backup", "verify", str(made["name"]), "--identity", str(tmp_path / "key"))
        assert (made["state"], site.stop()) == ("verified", 0)


def trail(start: Starter) -> str:
    return start.run("audit", "export", "--reason", "A test looks on.")
