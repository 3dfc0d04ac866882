"""A site that runs makes and rehearses its backups by itself, and nothing of a backup is left after a kill."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from guildry.ops.backups import archive
from tests.processes.serving import Starter, starter, until
from tools import services

pytestmark = pytest.mark.processes

KEYS = [archive.new_identity(), archive.new_identity()]
RECIPIENTS = ",".join(str(key.to_public()) for key in KEYS)


def listed(start: Starter) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(start.run("backup", "list", "--json"))
    return rows


def passed_drills(start: Starter) -> int:
    """Count them without a program of its own for every look."""
    with closing(sqlite3.connect(start.data / "guildry.db")) as database:
        [(count,)] = database.execute("SELECT COUNT(*) FROM backups_drill WHERE is_passed")
    return int(count)


def test_a_site_makes_and_rehearses_its_first_backup_by_itself(prepared: Path, tmp_path: Path) -> None:
    with starter(prepared, tmp_path, GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start:
        site = start.serve()
        until(lambda: passed_drills(start), "the backup is rehearsed", site, within=300)

        [made] = listed(start)
        (tmp_path / "key").write_text(f"{KEYS[1]}\n")
        start.run("backup", "verify", str(made["name"]), "--identity", str(tmp_path / "key"))
        assert (made["state"], site.stop()) == ("verified", 0)


def trail(start: Starter) -> str:
    return start.run("audit", "export", "--reason", "A test looks on.")


def test_a_burnt_machine_is_restored_on_another_one(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEYS[0]}\n")
    with starter(prepared, tmp_path / "one", GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start:
        start.workshop("join")
        start.run("backup", "create")
        signer = json.loads(start.run("backup", "keys", "--json"))["signer"]
        [lying] = (start.data / "backups").glob("*.gbk")
        kept = tmp_path / lying.name
        lying.rename(kept)
    words = [
        "backup",
        "restore",
        str(kept),
        "--identity",
        str(tmp_path / "key"),
        "--reason",
        "The machine burnt.",
    ]
    with starter(prepared, tmp_path / "two") as start:
        (start.data / "secret_key").unlink()
        site = start.serve()
        assert "The site runs on this data folder" in start.run(*words, "--signer", signer, code=75)
        assert site.stop() == 0
        assert "unknown-signer" in start.run(*words, code=73)

        said = start.run(*words, "--signer", signer)

        assert "each as it was" in said
        site = start.serve()
        assert "The machine burnt." in trail(start)
        assert site.stop() == 0


LOGGING = "log-bin=bin\nserver-id=1\nbinlog_format=ROW\n"


@pytest.mark.mariadb
def test_a_point_in_time_after_a_backup_is_reached_by_the_log(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEYS[0]}\n")
    with (
        services.mariadb(further=LOGGING) as database,
        starter(prepared, tmp_path, GUILDRY_DATABASE=database, GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start,
    ):
        port = int(database.rsplit(":", 1)[1].split("/")[0])

        def ask(statement: str) -> str:
            return services._ask_mariadb(port, f"USE guildry; {statement}").strip()

        (start.data / "guildry.db").unlink()
        assert start.serve("--role", "worker").stop() == 0
        made = json.loads(start.run("backup", "create", "--json"))
        start.workshop("join")
        joined = ask("SELECT COUNT(*) FROM accounts_member")
        wanted = ask("SELECT @@gtid_binlog_pos")
        ask("SET foreign_key_checks=0; DELETE FROM accounts_member; FLUSH BINARY LOGS")
        log = tmp_path / "log"
        log.mkdir()
        for file in Path(ask("SELECT @@datadir")).glob("bin.0*"):
            shutil.copy(file, log)
        words = [
            "backup",
            "pitr",
            made["name"],
            "--identity",
            str(tmp_path / "key"),
            "--reason",
            "All were deleted.",
            "--log",
            str(log),
        ]

        assert "not in the log" in start.run(*words, "--until", "0-1-999999", code=73)
        assert ask("SELECT COUNT(*) FROM accounts_member") == "0"
        start.run(*words, "--until", wanted)

        assert (ask("SELECT COUNT(*) FROM accounts_member"), int(joined) > 0) == (joined, True)
