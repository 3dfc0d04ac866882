"""How much is remembered, and how the steps of a trace hang together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

MOST_WAITING = 20_000
WRITE_EVERY = 0.2
LARGEST_FILE = 16 * 1024 * 1024
MOST_FILES = 8
ACCESS = "guildry.access"


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
