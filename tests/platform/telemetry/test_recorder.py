"""Lines and spans are kept in files of a bounded size, and no request ever waits for them."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog

from guildry.kernel import tracing
from guildry.kernel.tracing import Span
from guildry.platform.telemetry import queries
from guildry.platform.telemetry.recorder import Recorder

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def span(number: int = 0, trace: str = TRACE) -> Span:
    return Span(
        trace, f"{number:016x}", "", "http", f"GET /{number}", 1_790_000_000.0 + number, 0.25, {"status": 200}
    )


def kept(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()
    ]


def test_a_span_becomes_one_line(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.note(span(1))

    written = (recorder.write(), recorder.write())

    assert written == (1, 0)
    assert kept(tmp_path) == [
        {
            "timestamp": "2026-09-21T14:13:21.000000Z", "span": "http", "step": "GET /1", "seconds": 0.25,
            "trace_id": TRACE, "span_id": "0000000000000001", "parent_id": "", "facts": {"status": 200},
        }
    ]  # fmt: skip


def test_running_it_keeps_the_lines_of_the_program_and_of_libraries_with_their_trace(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.start()
    with structlog.contextvars.bound_contextvars(trace_id=TRACE):
        logging.getLogger("some.library").warning("careful, %s", "ada@example.org")
        try:
            raise ValueError("password=sesame")
        except ValueError:
            logging.getLogger("some.library").exception("failed")
        tracing.record(tracing.moment("mail", "kept"))
    turns = recorder.probe()
    recorder.stop()
    logging.getLogger("some.library").warning("after the end")

    careful, failed, mail = queries.entries_of(TRACE, tmp_path)
    assert turns == "turns"
    assert (careful["logger"], careful["level"]) == ("some.library", "warning")
    assert careful["event"].startswith("careful, [hash ")
    assert failed["exception"][0]["exc_value"] == "password=[hidden]"
    assert (mail["span"], mail["step"]) == ("mail", "kept")
    assert "after the end" not in (tmp_path / "log.jsonl").read_text()


def test_a_full_file_makes_room_and_the_oldest_goes(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.largest, recorder.files = 700, 3
    for number in range(12):
        recorder.note(span(number))
        recorder.write()

    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("*.jsonl")}
    steps = [entry["step"] for entry in queries.entries_of(TRACE, tmp_path)]
    assert sizes.keys() == {"log.jsonl", "log.1.jsonl", "log.2.jsonl"}
    assert max(sizes.values()) <= 700
    assert steps == [f"GET /{number}" for number in range(12 - len(steps), 12)]


def test_a_ring_that_overflows_loses_the_oldest_and_says_how_many(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, most=3)
    for number in range(8):
        recorder.note(span(number))
    recorder.write()
    recorder.note(span(8))
    recorder.write()

    entries = kept(tmp_path)
    assert [entry["step"] for entry in entries if "step" in entry] == ["GET /5", "GET /6", "GET /7", "GET /8"]
    assert [entry["count"] for entry in entries if "count" in entry] == [5]


def test_two_processes_share_a_folder(tmp_path: Path) -> None:
    first, second = Recorder(tmp_path), Recorder(tmp_path)
    first.largest = second.largest = 500
    for number in range(6):
        for recorder in (first, second):
            recorder.note(span(number))
            recorder.write()

    assert len(queries.entries_of(TRACE, tmp_path)) == 12


def test_half_a_line_and_other_traces_are_left_out(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.note(span(1, "f" * 32))
    recorder.write()
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write(f'{{"trace_id":"{TRACE}","event"')

    assert queries.entries_of(TRACE, tmp_path) == []
    assert len(queries.entries_of("f" * 32, tmp_path)) == 1


def test_a_disk_that_takes_nothing_is_said_to_who_asks(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    recorder = Recorder(blocked)
    recorder.note(span())

    with pytest.raises(OSError, match="file"):
        recorder.write()
    recorder.folder = tmp_path
    recorder.note(span())
    recorder.write()

    assert [entry.get("count") for entry in kept(tmp_path)] == [None, 1]
