"""Keeps lines and spans: noted in a ring by the threads that work, written to the data folder by one of its own."""

import fcntl
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import structlog
from structlog.contextvars import get_contextvars
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer

from guildry.kernel import clock, redaction, tracing
from guildry.kernel.loops import Loop
from guildry.kernel.tracing import Span
from guildry.platform.telemetry import rules
from guildry.platform.telemetry.queries import log_folder

# What a function held when it failed may be a secret, so no traceback shows it.
_TRACEBACKS = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
log = structlog.get_logger("guildry.telemetry")
_encoder = msgspec.json.Encoder(enc_hook=repr)


class Recorder(logging.Handler):
    """A ring that loses its oldest entries rather than hold up a request, and says how many those were."""

    def __init__(self, folder: Path | None = None, *, most: int = rules.MOST_WAITING) -> None:
        super().__init__()
        self.folder, self.largest, self.files = folder, rules.LARGEST_FILE, rules.MOST_FILES
        self._ring: deque[Span | dict[str, Any] | str] = deque(maxlen=most)
        self._noted = self._taken = 0
        self._writing = threading.Lock()
        self.export: Callable[[Iterable[Span]], None] | None = None
        self._loop = Loop("telemetry recorder", self._turn, every=rules.WRITE_EVERY)

    def start(self) -> None:
        tracing.use_recorder(self.note)
        logging.root.addHandler(self)
        self._loop.start()

    def stop(self) -> None:
        """Write what is left and note nothing more."""
        tracing.use_recorder(None)
        logging.root.removeHandler(self)
        self._loop.stop()
        self.write()

    @contextmanager
    def during(self, verb: str) -> Iterator[None]:
        """Run a verb of the command as a trace of its own, which is kept when the verb did more than look."""
        tracing.use_recorder(self.note)
        before = self._noted
        try:
            with tracing.span("command", verb):
                yield
        finally:
            tracing.use_recorder(None)
            if self._noted > before + 1:
                self._write_if_possible()
            else:
                self._ring.pop()
                self._noted = before

    def _write_if_possible(self) -> None:
        try:
            self.write()
        except OSError as error:
            log.warning("trace not kept", error=str(error))

    def probe(self) -> str:
        return self._loop.probe()

    def note(self, entry: Span | dict[str, Any] | str) -> None:
        """Keep an entry until it is written, from any thread."""
        self._noted += 1
        self._ring.append(entry)

    def emit(self, record: logging.LogRecord) -> None:
        self.note(_entry_of(record))

    def write(self) -> int:
        """Write what was noted; returns how many entries that were. Raises OSError when the disk takes no more."""
        with self._writing:
            entries = [self._ring.popleft() for _ in range(len(self._ring))]
            if not entries:
                return 0
            lost = max(0, self._noted - self._taken - len(entries) - len(self._ring))
            lines = [_line_of(entry) for entry in entries]
            if lost:
                lines.append(_loss_of(lost))
            if self.export:
                self.export(entry for entry in entries if isinstance(entry, Span))
            _append(self.folder or log_folder(), b"".join(lines), self.largest, self.files)
            # What could not be written counts as lost the next time.
            self._taken += len(entries) + lost
            return len(entries)

    def _turn(self) -> bool:
        self.write()
        return False


def _entry_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a library says; everything that belongs to its thread is taken now, the rest is left for later."""
    said = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name}
    return {**said, **get_contextvars(), "exc_info": record.exc_info, "timestamp": record.created}


def _line_of(entry: Span | dict[str, Any] | str) -> bytes:
    if isinstance(entry, str):
        return entry.encode() + b"\n"
    if isinstance(entry, Span):
        shown: dict[str, Any] = {
            "timestamp": rules.stamp(entry.began), "span": entry.kind, "step": redaction.scrubbed(entry.name),
            "seconds": entry.seconds and round(entry.seconds, 6), "trace_id": entry.trace_id,
            "span_id": entry.span_id, "parent_id": entry.parent_id, "facts": redaction.redacted(entry.facts),
        }  # fmt: skip
    else:
        at = rules.stamp(entry["timestamp"])
        shown = redaction.redacted(dict(_TRACEBACKS(None, "", {**entry, "timestamp": at})))
    return _encoder.encode(shown) + b"\n"


def _loss_of(count: int) -> bytes:
    told = {"timestamp": rules.stamp(clock.present().timestamp()), "event": "entries lost", "count": count}
    return _encoder.encode(told | {"level": "warning", "logger": "guildry.telemetry"}) + b"\n"


def _append(folder: Path, lines: bytes, largest: int, files: int) -> None:
    """Add lines to the newest file, in turn with the other processes of this folder; a full file makes room for a new one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = folder / "log.jsonl"
        if newest.exists() and newest.stat().st_size + len(lines) > largest:
            _rotate(folder, files)
        with newest.open("ab") as file:
            file.write(lines)


def _rotate(folder: Path, files: int) -> None:
    for number in range(files - 1, 0, -1):
        older = folder / (f"log.{number - 1}.jsonl" if number > 1 else "log.jsonl")
        if older.exists():
            older.replace(folder / f"log.{number}.jsonl")


RECORDER = Recorder()
