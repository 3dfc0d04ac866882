"""The access log: a line for each request, made and written together with the lines around it."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec
import structlog

from guildry.kernel import redaction, tracing

NAME = "guildry.access"
# Readers of the log wait at most this long, in seconds, for a line.
DELAY = 0.2

_log = structlog.get_logger(NAME)
_encoder = msgspec.json.Encoder()
_stream: TextIO | None = None
_kept: list[tuple[float, str, int, float, str]] = []


def write_to(stream: TextIO | None) -> None:
    """Write lines for programs to a stream; None sends each line at once through the log that people read."""
    global _stream
    flush()
    _stream = stream


def note(event: str, status: int, seconds: float, trace_id: str) -> None:
    """Note one answered request; call it on the running loop."""
    if _stream is None:
        facts: dict[str, Any] = {"status": status, "ms": round(seconds * 1000, 1)}
        level = _log.error if status >= 500 else _log.info
        level(event, **facts, **({"trace_id": trace_id} if trace_id else {}))
        return
    _kept.append((time.time(), event, status, seconds, trace_id))
    if len(_kept) == 1:
        asyncio.get_running_loop().call_later(DELAY, flush)


def flush() -> None:
    """Write what was noted."""
    if not _kept:
        return
    lines, _kept[:] = "".join(map(_line, _kept)), []
    tracing.keep(lines[:-1])
    if _stream is not None:
        _stream.write(lines)
        _stream.flush()


def _line(noted: tuple[float, str, int, float, str]) -> str:
    """Return one JSON object, of which only the event needs an encoder."""
    at, event, status, seconds, trace_id = noted
    trace = f'"trace_id":"{trace_id}",' if trace_id else ""
    shown = _encoder.encode(redaction.scrubbed(event)).decode()
    level = "error" if status >= 500 else "info"
    moment = f"{datetime.fromtimestamp(at, UTC).isoformat(timespec='microseconds')[:-6]}Z"
    return (
        f'{{"status":{status},"ms":{round(seconds * 1000, 1)},{trace}"event":{shown},'
        f'"level":"{level}","logger":"{NAME}","timestamp":"{moment}"}}\n'
    )
