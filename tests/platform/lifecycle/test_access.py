"""The access log: lines of one moment are written together, and none is lost at the end."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from guildry.platform.lifecycle.bridge import access


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    out = io.StringIO()
    access.write_to(out)
    yield out
    access.write_to(None)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_lines_for_programs_wait_for_each_other(stream: io.StringIO) -> None:
    access.note("GET /timeline/", 200, 0.00123, "t1")
    access.note("POST /timeline/compose/", 503, 0.5, "")
    waiting = stream.getvalue()

    access.flush()

    first, second = lines(stream)
    assert waiting == ""
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "status": 200, "ms": 1.2, "trace_id": "t1", "event": "GET /timeline/", "level": "info", "logger": "guildry.access",
    }  # fmt: skip
    assert (second["level"], second["status"], "trace_id" in second) == ("error", 503, False)


async def test_what_was_noted_is_written_before_another_stream_is_taken(stream: io.StringIO) -> None:
    access.note("GET /", 200, 0.001, "t1")

    access.write_to(io.StringIO())

    assert [line["event"] for line in lines(stream)] == ["GET /"]


async def test_people_read_each_line_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_log", structlog.get_logger(access.NAME))
    access.write_to(None)
    with capture_logs() as logged:
        access.note("GET /", 200, 0.001, "t1")
        access.note("GET /broken/", 500, 0.001, "")

    assert [(line["event"], line["log_level"]) for line in logged] == [
        ("GET /", "info"),
        ("GET /broken/", "error"),
    ]
    assert [line.get("trace_id") for line in logged] == ["t1", None]
