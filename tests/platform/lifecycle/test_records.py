"""What a process writes down about itself counts only while it lives."""

import os
from pathlib import Path

from guildry.platform.lifecycle.serving import records
from guildry.platform.lifecycle.serving.records import Record


def test_a_living_process_is_found_with_what_it_said_last(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.open()
    record.note(role="all", address="http://localhost:8000 and a good deal longer than what follows")

    record.note(address="")

    assert records.running(tmp_path) == [{"pid": os.getpid(), "role": "all", "address": ""}]
    assert records.is_running(tmp_path, os.getpid())
    record.close()


def test_a_process_that_ended_leaves_its_last_words_and_nothing_else(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.open()
    record.note(code=70, cut=["jobs.worker"])
    record.close()

    assert records.running(tmp_path) == []
    assert not records.is_running(tmp_path, os.getpid())
    assert records.last_words(tmp_path, os.getpid())["cut"] == ["jobs.worker"]


def test_the_next_start_clears_away_what_the_dead_left(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "1.json").write_text('{"pid": 1')

    record = Record(tmp_path)
    record.open()
    record.close()

    assert [path.name for path in (tmp_path / "run").iterdir()] == [f"{os.getpid()}.json"]


def test_what_cannot_be_read_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "7.json").write_text("{")

    assert records.last_words(tmp_path, 7) == {}
    assert records.last_words(tmp_path, 8) == {}
    assert not records.is_running(tmp_path, 8)
