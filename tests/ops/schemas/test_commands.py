"""`guildry contracts hive`: what it prints, and how it ends."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from guildry.ops.schemas import commands, hive, queries
from guildry.people.accounts.models import Member
from tests.factories import boxes

ENTRIES: list[tuple[hive.Key, Any]] = [("a", 1), (7, "seven"), ("a", hive.TOMBSTONE), ("b", None)]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return commands.contracts(parser.parse_args(list(words)))


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "box.hive"
    path.write_bytes(hive.new_box(ENTRIES))
    return path


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    data = bytearray(hive.new_box(ENTRIES))
    data[10] ^= 1
    path = tmp_path / "torn.hive"
    path.write_bytes(data)
    return path


def test_dump_prints_every_frame(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dump", str(box)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["0", "'a'", "1"],
        ["20", "7", '"seven"'],
        ["43", "'a'", "deleted"],
        ["54", "'b'", "null"],
    ]


def test_dump_prints_json(torn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dump", str(torn), "--json") == 73

    assert json.loads(capsys.readouterr().out) == {
        "frames": [],
        "damage": {"offset": 0, "reason": "the checksum of a frame is wrong", "lost": 66},
    }


def test_stat_prints_figures_and_damage(box: Path, torn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stat", str(box)) == 0
    text = capsys.readouterr().out
    assert run("stat", str(torn)) == 73
    damaged = capsys.readouterr().out
    assert run("stat", str(box), "--json") == 0

    assert ["frames", "4"] in [line.split() for line in text.splitlines()]
    assert "Damaged at byte 0: the checksum of a frame is wrong. 66 bytes are behind it." in damaged
    assert "is the box encrypted" in damaged
    assert json.loads(capsys.readouterr().out) == {
        "bytes": 66, "frames": 4, "live": 2, "dead": 2, "tombstones": 1, "unread": 0, "canonical": 4,
        "next_key": 8, "needs_hive_ce": False, "damage": None,
    }  # fmt: skip


def test_recover_only_says_what_could_be_saved(torn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = torn.read_bytes()

    assert run("recover", "--dry-run", str(torn)) == 73
    assert "3 frames are whole, 3 of them behind a damage; 20 bytes are lost." in capsys.readouterr().out
    assert run("recover", "--dry-run", str(torn), "--json") == 73
    assert json.loads(capsys.readouterr().out)["gaps"] == [[0, 20]]
    assert torn.read_bytes() == before


def test_recover_saves_into_a_new_file_and_never_over_one(
    torn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.hive"

    assert run("recover", str(torn), "--to", str(saved)) == 0
    assert run("recover", str(torn), "--to", str(saved)) == 64
    assert run("recover", str(torn), "--to", str(torn)) == 64

    assert queries.open_box(saved.read_bytes()).values == {7: "seven", "b": None}
    assert "File exists" in capsys.readouterr().err


def test_recover_says_when_it_gave_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hostile.hive"
    path.write_bytes(b"\xff" * 4 + bytes.fromhex("0002000000") * 2000)

    run("recover", "--dry-run", str(path))

    assert "given up" in capsys.readouterr().out


def test_a_whole_box_has_nothing_to_recover(box: Path) -> None:
    assert run("recover", "--dry-run", str(box)) == 0


def test_recover_wants_to_know_which_way(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("recover", str(box))

    assert "one of the arguments --dry-run --to is required" in capsys.readouterr().err


def test_diff_ends_with_4_when_boxes_differ(
    box: Path, torn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.hive"
    other.write_bytes(hive.new_box([("b", 2), ("c", 1)]))

    assert run("diff", str(box), str(box)) == 0
    assert run("diff", str(box), str(other)) == 4
    assert capsys.readouterr().out.splitlines() == ["added    c", "removed  7", "changed  b at the whole"]
    assert run("diff", str(box), str(other), "--json") == 4
    assert json.loads(capsys.readouterr().out)["added"] == ["c"]
    assert run("diff", str(box), str(torn)) == 73


def test_export_then_verify(
    ada: Member, ben: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes.furnish(ada, ben)
    out = str(tmp_path / "out")
    people = f"{out}/people.hive"

    assert run("export", "--reason", boxes.REASON, "--member", "@ada", "--out", out) == 0
    assert "signed, to be verified with" in capsys.readouterr().out
    assert run("verify", people, "--member", "ada", "--manifest", f"{out}/manifest.json") == 0
    assert capsys.readouterr().out == "people: 2 ok.\n"
    assert run("verify", people, "--json") == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"ok": 2}
    assert run("verify", people, "--box", "profile") == 73
    assert "schema-invalid" in capsys.readouterr().out
    assert run("verify", people, "--member", "ada", "--manifest", people) == 64
    assert run("export", "--reason", boxes.REASON, "--member", "ada", "--out", out) == 64
    assert "Nothing was written" in capsys.readouterr().err
    assert (
        run(
            "export",
            "--reason",
            boxes.REASON,
            "--member",
            "ada",
            "--out",
            f"{out}/b",
            "--box",
            "profile",
            "--json",
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out)["public_key"] == queries.public_key()


def test_verify_prints_what_is_wrong(ada: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Profile.hive"
    path.write_bytes(boxes.changed(boxes.box_of(ada, "profile"), str(ada.pk), name="Eve") + b"\0\0")
    boxes.export(ada, tmp_path / "out")

    assert run("verify", str(path), "--member", "ada", "--manifest", f"{tmp_path}/out/manifest.json") == 73

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"mismatch       {ada.pk}  /name differs from the server"
    assert lines[-3:-1][0] == "manifest       not the bytes that were signed"
    assert lines[-1] == "profile: 1 mismatch."
    empty = tmp_path / "drafts.hive"
    empty.write_bytes(b"")
    assert run("verify", str(empty)) == 0
    assert capsys.readouterr().out == "drafts: no rows.\n"


@pytest.mark.parametrize("raw", [bytes(range(32)), bytes(range(32)).hex().encode() + b"\n"])
def test_a_key_comes_from_a_file(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, path = tmp_path / "key", tmp_path / "box.hive"
    key.write_bytes(raw)
    path.write_bytes(hive.new_box(ENTRIES, cipher=hive.Cipher(bytes(range(32)))))

    assert run("stat", str(path), "--key-file", str(key)) == 0
    assert run("stat", str(path)) == 73


@pytest.mark.parametrize("raw", [b"short", b"\xff" * 31, b"00" * 31])
def test_a_key_of_another_length_is_refused(
    raw: bytes, box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_bytes(raw)

    assert run("stat", str(box), "--key-file", str(tmp_path / "key")) == 64
    assert "a key is 32 bytes, raw or in hex" in capsys.readouterr().err


@pytest.mark.django_db
def test_what_is_not_there_is_said(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dump", "nowhere.hive") == 64
    assert run("verify", str(box)) == 64
    assert run("verify", str(box), "--box", "people", "--member", "nobody") == 64

    assert capsys.readouterr().err.splitlines() == [
        "guildry: nowhere.hive: No such file or directory.",
        "guildry: No box is called 'box'. There are: drafts, notifications, people, profile, saved_posts, "
        "timeline_posts.",
        "guildry: No active member has the handle nobody.",
    ]


def test_the_lock_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    before = queries.LOCK_FILE.read_text()

    assert run("lock", "--check") == 0
    assert run("lock") == 0
    assert run("lock", "--against", str(queries.LOCK_FILE)) == 0
    assert run("lock", "--json") == 0

    assert queries.LOCK_FILE.read_text() == before
    assert "the lock file is up to date." in capsys.readouterr().out


def test_a_lock_that_is_behind_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    behind = tmp_path / "hive.lock.yaml"
    behind.write_text(hive.Lock(5).render())
    monkeypatch.setattr(queries, "LOCK_FILE", behind)
    monkeypatch.setattr(queries, "lock", lambda: hive.parse_lock(behind.read_text()))

    assert run("lock", "--check") == 4
    assert hive.parse_lock(behind.read_text()) == hive.Lock(5)
    assert run("lock") == 0
    assert hive.parse_lock(behind.read_text()).next_type_id == 5 + len(queries.declared_types())
    assert run("lock", "--check") == 0


def test_an_older_lock_whose_data_would_be_misread_ends_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = tmp_path / "old.yaml"
    older.write_text(hive.Lock(99, {"Gone": hive.LockedType(0)}).render())

    assert run("lock", "--against", str(older)) == 3
    assert "nextTypeId went down from 99" in capsys.readouterr().out
    older.write_text("nothing")
    assert run("lock", "--against", str(older)) == 64
