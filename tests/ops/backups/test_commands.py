"""`guildry backup` on the command line: what it prints, how it ends, and that nothing secret is said."""

import argparse
import fcntl
import json
from pathlib import Path
from typing import Any

import pytest

from guildry.kernel import runtime
from guildry.kernel.permissions import SYSTEM
from guildry.ops.backups import actions, archive, commands, queries
from guildry.ops.backups.models import Backup
from guildry.ops.backups.rules import State
from tests.factories.backups import KEYS, REASON

Shown = pytest.CaptureFixture[str]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return commands.backup(parser.parse_args(words))


def said(capsys: Shown) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def identity(tmp_path: Path) -> str:
    file = tmp_path / "identity.txt"
    file.write_text(f"# mine\n{KEYS[0]}\n")
    return str(file)


def test_keys_are_made_into_a_new_file_for_its_owner_alone(tmp_path: Path, capsys: Shown, db: None) -> None:
    file = tmp_path / "key.txt"

    assert run("keys", "--to", str(file), "--json") == 0
    shown = capsys.readouterr().out
    assert run("keys", "--to", str(file)) == commands.USAGE

    [identity] = archive.identities_in(file.read_text())
    assert json.loads(shown)["recipient"] == str(identity.to_public())
    assert str(identity) not in shown + capsys.readouterr().out
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_signer_of_the_site_can_be_written_down(capsys: Shown, db: None) -> None:
    assert run("keys", "--json") == 0

    assert said(capsys)["signer"] in queries.known_signers()


def test_a_backup_is_made_listed_and_proven(living: Path, capsys: Shown, identity: str) -> None:
    assert run("create", "--json") == 0
    made = said(capsys)
    assert (made["state"], made["files"], made["drill"]) == ("verified", 2, None)
    assert run("list") == 0
    assert capsys.readouterr().out.startswith(f"{made['name']}  verified")
    assert run("verify", made["name"]) == 0
    assert "nothing was opened" in capsys.readouterr().out
    assert run("verify", made["path"], "--identity", identity) == 0
    assert "all of it opens" in capsys.readouterr().out


def test_damage_is_named_and_ends_with_73(made: Backup, capsys: Shown, identity: str) -> None:
    (queries.path_of(made.name) / "more.age").touch()

    assert run("verify", made.name, "--identity", identity, "--json") == commands.VERIFY_FAILED
    assert said(capsys)["findings"] == [
        {"kind": "part-extra", "where": "more.age", "detail": "nobody signed it"}
    ]
    assert run("drill", made.name, "--identity", identity) == commands.VERIFY_FAILED
    assert capsys.readouterr().out == "Drill failed:\npart-extra in more.age: nobody signed it\n"


def test_a_backup_from_elsewhere_is_proven_where_it_lies(
    made: Backup, tmp_path: Path, capsys: Shown, identity: str
) -> None:
    elsewhere = queries.path_of(made.name).rename(tmp_path / f"{made.name}.gbk")
    payload = (elsewhere / archive.MANIFEST).read_bytes()
    (elsewhere / archive.SIGNATURE).write_bytes(archive.signed(payload, "another site"))
    signer = archive.public_key_of("another site")

    assert run("verify", str(elsewhere), "--identity", identity) == commands.VERIFY_FAILED
    assert "unknown-signer" in capsys.readouterr().out
    assert run("verify", str(elsewhere), "--identity", identity, "--signer", signer) == 0
    assert run("drill", str(elsewhere), "--identity", identity) == commands.USAGE


def test_what_cannot_be_done_says_why(made: Backup, capsys: Shown, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    for words, code, why in (
        (["verify", "nothing"], commands.USAGE, "No backup is called nothing"),
        (["verify", made.name, "--identity", "nowhere.txt"], commands.USAGE, "No such file"),
        (["verify", made.name, "--identity", str(tmp_path / "empty.txt")], commands.USAGE, "no age identity"),
        (["drill", made.name], commands.USAGE, "--identity"),
        (["create", "--reason", " "], commands.USAGE, "Say why"),
    ):
        assert run(*words) == code
        assert why in capsys.readouterr().err


def test_nothing_is_made_without_recipients(backups: Path, capsys: Shown) -> None:
    with runtime.overridden({"backup.recipients": ()}):
        assert run("create") == commands.CONFIGURATION
    assert "backup.recipients" in capsys.readouterr().err


def test_somebody_else_at_work_ends_with_75(made: Backup, backups: Path, capsys: Shown) -> None:
    with (backups / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert run("create") == commands.LOCKED
        assert run("prune") == commands.LOCKED


def test_a_backup_that_fails_ends_with_69_and_says_why(backups: Path, capsys: Shown) -> None:
    backups.touch()

    assert run("create") == commands.DEPENDENCY

    assert "The folder of backups cannot be used" in capsys.readouterr().err
    assert Backup.objects.get().state == State.FAILED


def test_pruning_can_be_rehearsed(made: Backup, capsys: Shown) -> None:
    assert run("prune", "--dry-run", "--json") == 0
    assert said(capsys)["gone"] == []
    assert run("prune") == 0
    assert f"{made.name}  stays: the newest that was verified" in capsys.readouterr().out


def test_the_next_ordered_one_is_made_and_then_nothing(living: Path, capsys: Shown) -> None:
    actions.order_backup(SYSTEM, reason=REASON)

    assert [run("run"), run("run")] == [0, 0]
    assert capsys.readouterr().out == "Nothing is ordered.\n"
    assert Backup.objects.get().state == State.VERIFIED


def test_a_point_in_time_is_a_transaction_or_a_moment_with_its_zone(
    made: Backup, tmp_path: Path, capsys: Shown, identity: str
) -> None:
    words = ["pitr", made.name, "--identity", identity, "--reason", REASON, "--log", str(tmp_path), "--until"]

    for until, why in (("yesterday", "neither a transaction"), ("2026-07-21T08:00:00", "no time zone")):
        assert run(*words, until) == commands.USAGE
        assert why in capsys.readouterr().err
    assert run(*words[:-3], "--log", str(tmp_path / "no"), "--until", "0-1-2") == commands.USAGE


def test_a_log_is_looked_for_in_vain_where_there_is_none(
    living: Path, tmp_path: Path, capsys: Shown, identity: str
) -> None:
    assert run("create", "--json") == 0
    words = ["pitr", said(capsys)["path"], "--identity", identity, "--reason", REASON, "--log", str(tmp_path)]

    assert run(*words, "--until", "2026-07-21T08:00:00+00:00") == commands.VERIFY_FAILED
    assert "gtid-gap" in capsys.readouterr().err
