"""Nothing secret is given to a program in words, where every user of a machine can read it, nor written into a log."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guildry.ops.backups import archive
from tests.processes.serving import Starter, starter, until
from tools import services

pytestmark = pytest.mark.processes

KEY, OTHER = archive.new_identity(), archive.new_identity()
RECIPIENTS = f"{KEY.to_public()},{OTHER.to_public()}"
SITE_KEY = "canary-of-the-site-0f4d1c7a9b3e5d2f8a6c4b1e"
PASSWORD = "canary-of-the-database"
CANARIES = [SITE_KEY, PASSWORD, "AGE-SECRET-KEY-", str(KEY)[20:]]


@contextmanager
def everybody_watched() -> Iterator[set[str]]:
    """Collect the words with which any program of this machine was started meanwhile."""
    seen: set[str] = set()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.01):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        is_over.set()
        watcher.join()


def told_by(start: Starter, tmp_path: Path) -> str:
    """Do everything one does with backups and return what was printed and logged."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    words = ["--identity", str(tmp_path / "key"), "--reason", "Nobody may know."]
    said = [start.run("backup", "keys"), start.run("backup", "keys", "--to", str(tmp_path / "new"))]
    site = start.serve()
    log = start.data / "backup-log" / "status.json"
    until(lambda: log.exists() and b'"problem":""' in log.read_bytes(), "the log is kept", site)
    said.append(start.run("backup", "create", "--drill"))
    path = next((start.data / "backups").glob("*.gbk"))
    said.append(start.run("backup", "verify", str(path), *words))
    assert site.stop() == 0
    said.append(start.run("backup", "restore", str(path), *words))
    said.append(start.run("backup", "pitr", "nothing", *words, "--until", "latest", code=73))
    return "\n".join([*said, site.said])


def check(seen: set[str], said: str) -> None:
    assert any("guildry.config backup" in words for words in seen)
    for canary in CANARIES:
        assert canary not in said
        assert [words for words in seen if canary in words] == []


def test_no_program_is_given_a_secret_in_words(prepared: Path, tmp_path: Path) -> None:
    with (
        starter(
            prepared, tmp_path / "site", GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS, GUILDRY_SECRET_KEY=SITE_KEY
        ) as start,
        everybody_watched() as seen,
    ):
        said = told_by(start, tmp_path)
    check(seen, said)


@pytest.mark.mariadb
def test_no_program_of_a_server_is_given_a_password_in_words(prepared: Path, tmp_path: Path) -> None:
    with services.mariadb(further="log-bin=bin\nserver-id=1\nbinlog_format=ROW\n") as database:
        port = int(database.rsplit(":", 1)[1].split("/")[0])
        services._ask_mariadb(
            port,
            f"CREATE USER site@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON *.* TO site@'127.0.0.1'",
        )
        address = f"mysql://site:{PASSWORD}@127.0.0.1:{port}/guildry"
        with (
            starter(
                prepared, tmp_path / "site", GUILDRY_DATABASE=address, GUILDRY_BACKUP_RECIPIENTS=RECIPIENTS,
                GUILDRY_SECRET_KEY=SITE_KEY,
            ) as start,
            everybody_watched() as seen,
        ):  # fmt: skip
            (start.data / "guildry.db").unlink()
            said = told_by(start, tmp_path)
    check(seen, said)
    assert any("mariadb-dump" in words for words in seen)
    assert any("mariadb-binlog" in words for words in seen)
