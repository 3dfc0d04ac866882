"""Traces: one id goes with a request through everything it causes, and each step on the way is a span."""

import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_TRACE_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Span:
    """A step that is over: `began` is in seconds since 1970; without `seconds` it was a moment."""

    trace_id: str
    span_id: str
    parent_id: str
    kind: str
    name: str
    began: float
    seconds: float | None
    facts: dict[str, Any]


Recorder = Callable[["Span | dict[str, Any] | str"], None]
_record: Recorder | None = None


def use_recorder(record: Recorder | None) -> None:
    """Name what keeps spans and lines, from any thread and in microseconds; None lets them go."""
    global _record
    _record = record


def new_trace() -> str:
    return secrets.token_hex(16)


def new_span() -> str:
    return secrets.token_hex(8)


def is_trace(trace_id: str) -> bool:
    return bool(_TRACE_ID.fullmatch(trace_id))


def parse(header: str) -> tuple[str, str]:
    """Return the trace and the span that a valid W3C traceparent names, or two empty strings."""
    match = _TRACEPARENT.fullmatch(header)
    if not match:
        return "", ""
    version, trace, parent, _, rest = match.groups()
    if version == "ff" or (version == "00" and rest) or set(trace) == {"0"} or set(parent) == {"0"}:
        return "", ""
    return trace, parent


def current() -> tuple[str, str]:
    """Return the trace and the span this code runs in, empty outside one."""
    bound = structlog.contextvars.get_contextvars()
    return bound.get("trace_id", ""), bound.get("span_id", "")


def traceparent() -> str:
    """Return the W3C header that hands this trace on, or an empty string outside one."""
    trace, span_id = current()
    return f"00-{trace}-{span_id or new_span()}-01" if is_trace(trace) else ""


def record(span: Span) -> None:
    """Keep a span, if anybody does and it belongs to a trace."""
    if _record is not None and span.trace_id:
        _record(span)


def keep(line: str) -> None:
    """Keep a line of the log that is ready, as one JSON object."""
    if _record is not None:
        _record(line)


def keep_entry(entry: dict[str, Any]) -> None:
    """Keep what a line of the log says now, with the error that is being handled when it says so."""
    if _record is not None:
        error = sys.exc_info() if entry.get("exc_info") is True else entry.get("exc_info")
        _record({**entry, "exc_info": error, "timestamp": time.time()})


def moment(kind: str, name: str, *, span_id: str = "", trace_id: str = "", **facts: Any) -> Span:
    """Return this moment of the given trace, else of the running one, to be recorded when what it says is certain."""
    trace, running = current()
    joined = trace_id or trace
    parent = running if joined == trace else ""
    return Span(joined, span_id or new_span(), parent, kind, name, time.time(), None, facts)


@contextmanager
def span(
    kind: str, name: str, *, trace_id: str = "", parent_id: str = "", **facts: Any
) -> Iterator[dict[str, Any]]:
    """Run a step of a trace: of the given one, else of the running one, else of a new one.

    What is put into the yielded dict is recorded with the span; the name of an error that ends it is added.
    """
    trace, running = current()
    joined, own = trace_id or trace or new_trace(), new_span()
    parent = parent_id or (running if joined == trace else "")
    began, clock = time.time(), time.perf_counter()
    before = structlog.contextvars.bind_contextvars(trace_id=joined, span_id=own)
    try:
        yield facts
    except BaseException as error:
        facts["error"] = type(error).__name__
        raise
    finally:
        structlog.contextvars.reset_contextvars(**before)
        record(Span(joined, own, parent, kind, name, began, time.perf_counter() - clock, facts))


def of_fact(key: Any) -> str:
    """Return the span id of the moment a fact was stored, which its deliveries descend from."""
    return str(key).replace("-", "")[-16:]


def of_job(pk: int) -> str:
    """Return the span id of the moment a job was asked for, which its runs descend from."""
    return f"{pk:016x}"
