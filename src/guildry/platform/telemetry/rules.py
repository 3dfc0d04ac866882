"""How much is remembered, and how the steps of a trace hang together."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from guildry.kernel.tracing import Span

MOST_WAITING = 20_000
WRITE_EVERY = 0.2
LARGEST_FILE = 16 * 1024 * 1024
MOST_FILES = 8
ACCESS = "guildry.access"
EXPORT_EVERY, EXPORT_TIMEOUT, MOST_AT_ONCE = 1.0, 10.0, 512
_KINDS = {
    "http": "SERVER", "fetch": "CLIENT", "job": "CONSUMER", "delivery": "CONSUMER", "fact": "PRODUCER",
    "enqueued": "PRODUCER",
}  # fmt: skip
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_AGAIN = frozenset((408, 429, 502, 503, 504))


@dataclass
class Step:
    """A span, a moment or a line of a trace, with everything that came out of it in the order it happened."""

    span_id: str
    parent_id: str
    kind: str
    name: str
    at: float
    seconds: float | None
    facts: dict[str, Any]
    children: list["Step"] = field(default_factory=list)


def steps_of(entries: Iterable[dict[str, Any]]) -> list[Step]:
    """Return the roots of a trace: what was caused from outside, or by a step that is no longer kept."""
    steps = sorted(map(_step, _joined(entries)), key=lambda step: step.at)
    by_span = {step.span_id: step for step in steps if step.span_id}
    roots: list[Step] = []
    for step in steps:
        parent = by_span.get(step.parent_id)
        (parent.children if parent and parent is not step else roots).append(step)
    return roots


def lines_of(roots: list[Step]) -> Iterator[str]:
    """Yield a tree to read: when, how long after the beginning, how long it took, and what it was."""
    began = min(step.at for step in roots)
    for root in roots:
        yield from _lines(root, began, "", "")


def _joined(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put what the access log says of a request on its span: how long it took with its wait for a thread.

    What never came to a span stays a line of its own.
    """
    lines: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for entry in entries:
        (lines if entry.get("logger") == ACCESS else kept).append(entry)
    for line in lines:
        spans = (entry for entry in kept if entry.get("span") == "http" and entry["step"] == line["event"])
        span = next((span for span in spans if "answered_in" not in span["facts"]), None)
        if span:
            span["facts"] |= {"answered_in": f"{line['ms']}ms"}
        else:
            kept.append(line)
    return kept


def _step(entry: dict[str, Any]) -> Step:
    if "span" in entry:
        return Step(
            entry["span_id"], entry["parent_id"], entry["span"], entry["step"], _moment(entry["timestamp"]),
            entry["seconds"], entry["facts"],
        )  # fmt: skip
    about = ("timestamp", "trace_id", "span_id", "request_id", "event", "level", "logger", "exception")
    facts = {key: value for key, value in entry.items() if key not in about}
    if raised := entry.get("exception"):
        facts["exception"] = f"{raised[0]['exc_type']}: {raised[0]['exc_value']}"
    return Step(
        "", entry.get("span_id", ""), str(entry["level"]), str(entry["event"]), _moment(entry["timestamp"]),
        None, facts,
    )  # fmt: skip


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _moment(stamped: str) -> float:
    return datetime.fromisoformat(stamped).timestamp()


def _lines(step: Step, began: float, before: str, branch: str) -> Iterator[str]:
    at = datetime.fromtimestamp(step.at, UTC).strftime("%H:%M:%S.%f")[:-3]
    took = f"{step.seconds * 1000:.1f} ms" if step.seconds is not None else ""
    told = "".join(f"  {key}={value}" for key, value in step.facts.items())
    yield (
        f"{at} {f'+{(step.at - began) * 1000:.1f}':>9} {took:>11}  {before}{branch}{step.kind} {step.name}{told}"
    )
    inner = before + {"": "", "├─ ": "│  ", "└─ ": "   "}[branch]
    for child in step.children:
        yield from _lines(child, began, inner, "└─ " if child is step.children[-1] else "├─ ")


def exported_kind(kind: str) -> str:
    """Return what OpenTelemetry calls a step of this kind."""
    return _KINDS.get(kind, "INTERNAL")


def exported_name(span: Span) -> str:
    """Return what a step is called among others like it: never an address, of which there are too many."""
    return span.name.partition(" ")[0] if span.kind == "http" else f"{span.kind} {span.name}"


def exported_facts(kind: str, name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a step, in the words of OpenTelemetry where it has some, without what is empty."""
    told = {f"guildry.{key}": value for key, value in facts.items() if value is not None}
    told["guildry.kind"] = kind
    if kind == "http":
        method, _, path = name.partition(" ")
        told |= {"http.request.method": method, "url.path": path}
        if (status := told.pop("guildry.status", None)) is not None:
            told["http.response.status_code"] = status
    if error := told.pop("guildry.error", None):
        told["error.type"] = error
    return told


def problem_of(facts: Mapping[str, Any]) -> str:
    """Return why a step counts as failed, empty when it does not."""
    if error := facts.get("error"):
        return str(error)
    status = facts.get("status")
    return f"HTTP {status}" if isinstance(status, int) and status >= 500 else ""


def is_worth_repeating(status: int) -> bool:
    """Tell whether a collector that answered this may take the same later."""
    return status in _AGAIN


def headers_in(text: str) -> dict[str, str]:
    """Return the headers of "name=value,name=value", as other programs that export take them; raises ValueError."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    headers = {name.strip(): unquote(value.strip()) for name, sign, value in pairs if sign}
    if len(headers) < len(pairs) or not all(map(_HEADER.fullmatch, headers)):
        raise ValueError("takes name=value, several with commas between them.")
    if any(not value.isprintable() for value in headers.values()):
        raise ValueError("holds a value that is no header.")
    return headers
