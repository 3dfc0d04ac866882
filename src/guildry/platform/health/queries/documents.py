"""The health of this process for programs: health+json, pages of dependencies, queues and states."""

import time
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from typing import Any

from guildry.kernel import ids
from guildry.platform.health.queries import verdicts
from guildry.platform.health.rules import page_of
from guildry.platform.health.sampler import Sample
from guildry.platform.lifecycle import queries as lifecycle

SNAPSHOT_SECONDS = 60.0
MOST_SNAPSHOTS = 50


@cache
def release() -> str:
    """Return the version of the program that runs."""
    return version("guildry")


def document() -> dict[str, Any]:
    """Return the health of this process as health+json (draft-inadarei-api-health-check)."""
    found = verdicts.samples()
    return {
        "status": verdicts.overall().word,
        "version": release().partition(".")[0],
        "releaseId": release(),
        "serviceId": lifecycle.own_name(),
        "notes": [f"{sample.name}: {sample.detail}" for sample in found if not sample.passes],
        "checks": {f"{sample.name.replace(' ', ':')}": [_entry(sample)] for sample in found},
        "lifecycle": {
            "state": lifecycle.state(),
            "since": verdicts.history()[0].at,
            "missing": lifecycle.missing(),
        },
        "links": {
            "dependencies": "/ops/health/dependencies?limit=20",
            "transitions": "/ops/health/transitions",
            "queues": "/ops/queues",
        },
    }


def _entry(sample: Sample) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "componentId": sample.name,
        "componentType": sample.kind,
        "status": sample.level.word,
        "critical": sample.critical,
        "time": sample.at,
        "since": sample.since,
        "responseTime": round(sample.milliseconds, 2),
        "output": sample.detail,
    }
    if sample.value is not None:
        entry |= {"observedValue": sample.value, "observedUnit": sample.unit}
    return entry


class Snapshots:
    """Lists as they were when their first page was asked for, so that paging shows each row once."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, list[Sample]]] = {}

    def keep(self, rows: list[Sample]) -> str:
        """Keep a list for a minute and return the name it is found by."""
        now = time.monotonic()
        fresh = [(key, kept) for key, kept in self._kept.items() if now - kept[0] < SNAPSHOT_SECONDS]
        key = ids.uuid7().hex
        self._kept = {**dict(fresh[1 - MOST_SNAPSHOTS :]), key: (now, rows)}
        return key

    def find(self, key: str) -> list[Sample] | None:
        at, rows = self._kept.get(key, (float("-inf"), []))
        return rows if time.monotonic() - at < SNAPSHOT_SECONDS else None


_snapshots = Snapshots()


def dependencies(*, status: str, kind: str, limit: int, cursor: str) -> dict[str, Any] | None:
    """Return a page of dependencies, the worst first, or None when the cursor is not known any more.

    Every page of one listing shows the moment of its first, so each dependency comes once whatever flaps.
    """
    key, _, start = cursor.partition(".")
    rows = _snapshots.find(key) if cursor else _matching(status, kind)
    if rows is None or (cursor and not start.isdecimal()):
        return None
    page = page_of(rows, int(start or 0), limit)
    following = None
    if page.next is not None:
        following = f"{key or _snapshots.keep(rows)}.{page.next}"
    return {"dependencies": [_entry(sample) for sample in page.rows], "next": following}


def _matching(status: str, kind: str) -> list[Sample]:
    return [
        sample
        for sample in verdicts.samples()
        if status in ("", sample.level.word) and kind in ("", sample.kind)
    ]


def queue_document() -> dict[str, Any]:
    """Return the depth of every queue, with the patience it is measured by in seconds."""
    return {
        "queues": [
            {
                "queue": line.queue.key,
                "status": "warn" if line.is_late else "pass" if line.depth else "unknown",
                "patience_seconds": line.queue.patience.total_seconds(),
                **(asdict(line.depth) if line.depth else {}),
            }
            for line in verdicts.queues()
        ]
    }


def transition_document() -> dict[str, Any]:
    """Return the states this process went through and the changes of its dependencies, newest first."""
    return {
        "states": [
            {"state": step.state, "at": step.at, "reason": step.reason} for step in verdicts.history()
        ],
        "dependencies": [
            {"dependency": change.name, "status": change.level.word, "output": change.detail, "at": change.at}
            for change in verdicts.changes()
        ],
    }
