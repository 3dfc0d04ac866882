"""Logs that people read on a terminal and programs read everywhere else."""

import logging
import sys
from typing import Any, TextIO

import msgspec
import structlog

from guildry.kernel import redaction, tracing
from guildry.platform.lifecycle.bridge import access

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
]

# Local variables hold passwords, codes and messages, so no log shows them.
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure(*, debug: bool = False, terminal: bool | None = None, stream: TextIO | None = None) -> None:
    """Send the logs of the program and its libraries to standard output, or to another stream.

    People get coloured lines, programs one JSON object each; who reads is seen from the stream unless `terminal` says it.
    """
    stream = stream or sys.stdout
    for_people = stream.isatty() if terminal is None else terminal
    stamp = structlog.processors.TimeStamper("%H:%M:%S" if for_people else "iso", utc=not for_people)
    render = _renderers(for_people)
    redaction.learn_inventory()
    structlog.configure(
        processors=[*SHARED, _keep, stamp, *render] if for_people else [*SHARED, stamp, *render, _kept],
        logger_factory=lambda name="": Lines(name, stream),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*SHARED, stamp],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    logging.root.handlers = [handler]
    access.write_to(None if for_people else stream)
    logging.root.setLevel(logging.DEBUG if debug else logging.INFO)
    # The access log has a line for each refusal already, and the server has nothing to add to ours.
    for name in (
        "django.request",
        "uvicorn.error",
        "uvicorn",
        "httpx",
        "asyncio",
        "socketio",
        "engineio",
        "PIL",
    ):
        logging.getLogger(name).setLevel(logging.ERROR)


class Lines:
    """Writes what structlog rendered; the way through Python's own logging takes three times as long."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self.name, self._stream = name, stream

    def write(self, line: str) -> None:
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # Nobody reads any more, which is no reason to fail a request; the data folder has the line too.
            return

    debug = info = warning = error = critical = write


def _keep(_logger: Any, _method: str, entry: Any) -> Any:
    tracing.keep_entry(entry)
    return entry


def _kept(_logger: Any, _method: str, line: Any) -> Any:
    tracing.keep(line)
    return line


def _renderers(for_people: bool) -> list[Any]:
    if for_people:
        plain = structlog.dev.plain_traceback
        shown = structlog.dev.ConsoleRenderer(pad_event_to=34, exception_formatter=plain)
        return [structlog.processors.format_exc_info, _redact, shown]
    return [TRACEBACKS, _redact, structlog.processors.JSONRenderer(serializer=_json)]


def _redact(_logger: Any, _method: str, entry: Any) -> dict[str, Any]:
    return redaction.redacted(entry)


def _json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
