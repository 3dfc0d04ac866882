"""What is written between backups survives a kill of everything, and any moment of it can be gone back to."""

import json
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guildry.ops.backups import archive
from tests.processes.serving import Guildry, Starter, family_of, starter, until
from tools import services

pytestmark = pytest.mark.processes

KEY, OTHER = archive.new_identity(), archive.new_identity()
RECIPIENTS = f"{KEY.to_public()},{OTHER.to_public()}"
MOST_LOST = 5.0
Written = list[tuple[int, float]]


def status_of(start: Starter) -> dict[str, Any]:
    file = start.data / "backup-log" / "status.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def reached(start: Starter) -> float:
    return datetime.fromisoformat(status_of(start)["reached"]).timestamp()


def verified(start: Starter) -> list[Any]:
    with closing(sqlite3.connect(start.data / "guildry.db", timeout=30)) as database:
        return database.execute(
            "SELECT name, ordered_at FROM backups_backup WHERE state = 'verified' ORDER BY id"
        ).fetchall()


def keeper_of(site: Guildry) -> int:
    """Return the process that keeps the log; 0 while there is none."""
    for pid in family_of(site.pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except FileNotFoundError:
            continue
        if b"log" in words:
            return pid
    return 0


@contextmanager
def diary(start: Starter) -> Iterator[Written]:
    """Write twenty lines a second into a table of its own, and note when each was committed."""
    written: Written = []
    is_over = threading.Event()

    def write() -> None:
        with closing(
            sqlite3.connect(start.data / "guildry.db", timeout=30, isolation_level=None)
        ) as database:
            database.execute("PRAGMA synchronous=NORMAL")
            database.execute("CREATE TABLE diary (id INTEGER PRIMARY KEY, words TEXT)")
            while not is_over.wait(0.05):
                database.execute("INSERT INTO diary (words) VALUES (?)", ["a line that matters " * 20])
                written.append((len(written) + 1, time.time()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        is_over.set()
        writer.join()


def lines_of(start: Starter) -> list[int]:
    with closing(sqlite3.connect(start.data / "guildry.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in database.execute("SELECT id FROM diary ORDER BY id")]


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "key").write_text(f"{KEY}\n")
    return str(tmp_path / "key")


def test_what_was_written_until_seconds_before_the_machine_died_is_there(
    prepared: Path, tmp_path: Path, key: str
) -> None:
    with starter(prepared, tmp_path / "one", GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start:
        site = start.serve()
        until(lambda: verified(start), "the first backup is made", site, within=300)
        signer = json.loads(start.run("backup", "keys", "--json"))["signer"]
        with diary(start) as written:
            until(lambda: len(written) > 60, "lines are written", site)
            os.kill(until(lambda: keeper_of(site), "the log is kept", site), signal.SIGKILL)
            again_at = time.time()
            until(lambda: reached(start) > again_at and len(written) > 400, "the log is kept again", site)
            killed_at = time.time()
            site.kill()
        made = [name for name, _ in verified(start)]
        folder = start.data / "backups"
        kept = tmp_path / "kept"
        shutil.copytree(folder, kept)
    with starter(prepared, tmp_path / "two") as start:
        (start.data / "secret_key").unlink()
        words = [
            "backup", "pitr", str(kept / f"{made[0]}.gbk"), "--log", str(kept / "log"), "--identity", key,
            "--signer", signer, "--reason", "The machine burnt.",
        ]  # fmt: skip
        start.run(*words, "--until", "latest")
        found = lines_of(start)

        lost = killed_at - max(at for number, at in written if number == found[-1])
        assert found == list(range(1, len(found) + 1))
        assert len(made) == 1
        assert lost <= MOST_LOST
        moment = written[300][1]
        start.run(*words, "--until", datetime.fromtimestamp(moment, UTC).isoformat())
        earlier = lines_of(start)
        assert earlier == list(range(1, len(earlier) + 1))
        assert 0 <= moment - written[earlier[-1] - 1][1] <= MOST_LOST
        later = datetime.fromtimestamp(killed_at + 60, UTC).isoformat()
        assert "the log ends at" in start.run(*words, "--until", later, code=73)


def test_stopping_and_starting_the_site_leaves_no_gap(prepared: Path, tmp_path: Path, key: str) -> None:
    with starter(prepared, tmp_path, GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start:
        site = start.serve()
        until(lambda: verified(start), "the first backup is made", site, within=300)
        since = status_of(start)["since"]
        pid = keeper_of(site)
        assert site.stop() == 0
        until(lambda: not Path(f"/proc/{pid}").exists(), "the keeper ended")
        said_at = status_of(start)["at"]
        site = start.serve()
        until(lambda: status_of(start)["at"] > said_at, "the log is kept again", site)

        assert status_of(start)["since"] == since
        assert len(verified(start)) == 1
        assert site.stop() == 0


LOGGING = "log-bin=bin\nserver-id=1\nbinlog_format=ROW\nmax_binlog_size=65536\n"


@pytest.mark.mariadb
def test_any_transaction_of_a_server_can_be_gone_back_to(prepared: Path, tmp_path: Path, key: str) -> None:
    with (
        services.mariadb(further=LOGGING) as database,
        starter(prepared, tmp_path, GUILDRY_DATABASE=database, GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS) as start,
    ):
        port = int(database.rsplit(":", 1)[1].split("/")[0])

        def ask(statement: str) -> str:
            return services._ask_mariadb(port, f"USE guildry; {statement}").strip()

        (start.data / "guildry.db").unlink()
        site = start.serve()
        until(
            lambda: ask("SELECT COUNT(*) FROM backups_backup WHERE state = 'verified'") == "1",
            "a backup",
            site,
            within=300,
        )
        made = ask("SELECT name FROM backups_backup")
        ask("CREATE TABLE diary (id INTEGER PRIMARY KEY AUTO_INCREMENT, words VARCHAR(2000))")
        marks = []
        for number in range(40):
            ask(f"INSERT INTO diary (words) VALUES (REPEAT('line ', {number * 10 + 1}))")
            marks.append(ask("SELECT @@gtid_binlog_pos"))
            if number == 20:
                os.kill(until(lambda: keeper_of(site), "the log is kept", site), signal.SIGKILL)
        wanted = time.time()
        until(
            lambda: datetime.fromisoformat(status_of(start)["reached"]).timestamp() > wanted,
            "all is kept",
            site,
        )
        ask("DROP TABLE diary")
        site.kill()
        words = ["backup", "pitr", made, "--identity", key, "--reason", "A table was dropped."]

        for number in (3, 25, 39):
            start.run(*words, "--until", marks[number])
            assert ask("SELECT COUNT(*), MAX(id) FROM diary") == f"{number + 1}\t{number + 1}"
        assert "not in the log" in start.run(*words, "--until", "0-1-999999", code=73)
        moment = datetime.fromtimestamp(int(wanted), UTC)
        start.run(*words, "--until", moment.isoformat())
        assert int(ask("SELECT COUNT(*) FROM diary")) >= 30
        start.run(*words, "--until", "latest")
        assert ask("SHOW TABLES LIKE 'diary'") == ""
