"""What changed: between two sets, since the last release, and what was written down about it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildry.ops.contracts import differ, rules
from guildry.ops.contracts.queries import documents

_ENTRY = re.compile(r"^## (?P<version>\S+) · (?P<day>\S+)\n+`sha256:(?P<hash>[0-9a-f]{64})`\n+", re.M)


@dataclass(frozen=True)
class Difference:
    """Two versions, what is different, and whether the new one says so where it has to."""

    old: str
    new: str
    findings: tuple[differ.Finding, ...]

    @property
    def breaking(self) -> tuple[differ.Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level.is_breaking)

    @property
    def is_announced(self) -> bool:
        return not self.breaking or rules.allows_breaking(self.old, self.new)


def difference(old: dict[str, Any], new: dict[str, Any]) -> Difference:
    """Compare two sets by every rule."""
    return Difference(old["version"], new["version"], tuple(differ.compare(old, new)))


def changes_since(folder: Path = documents.FOLDER) -> Difference:
    """Compare this program with what was released last; raises NoContracts when nothing was."""
    return difference(documents.last_released(folder), documents.program_set())


def notes_in(text: str) -> list[dict[str, Any]]:
    """Return the entries of a changelog of contracts, the newest first."""
    found = list(_ENTRY.finditer(text))
    ends = [*(entry.start() for entry in found), len(text)][1:]
    return [
        {
            **entry.groupdict(),
            "lines": [
                line.removeprefix("- ").strip()
                for line in text[entry.end() : end].splitlines()
                if line.startswith("- ")
            ],
        }
        for entry, end in zip(found, ends, strict=True)
    ]


def history_of(folder: Path = documents.FOLDER) -> dict[str, Any]:
    """Return what is packed with a release: its hash, its notes, and how it differs from the one before."""
    text = (folder / "CHANGELOG.md").read_text()
    changed = changes_since(folder)
    return {
        "version": rules.VERSION,
        "hash": documents.manifest()["hash"],
        "released": documents.released(folder),
        "since": changed.old,
        "findings": [finding.as_json() for finding in changed.findings],
        "notes": notes_in(text),
    }


def coverage() -> dict[str, tuple[int, int]]:
    """Return how many of the things a client meets are described as well as they can be, of how many."""
    made = documents.documents()
    operations = [entry for methods in made["openapi"]["paths"].values() for entry in methods.values()]
    bodies = [
        content
        for entry in operations
        for part in (entry.get("requestBody", {}), *entry["responses"].values())
        for content in part.get("content", {}).values()
    ]
    messages = made["asyncapi"]["components"]["messages"].values()
    choices = made["enums"].values()
    return {
        "Operations with a summary": (sum(bool(entry["summary"]) for entry in operations), len(operations)),
        "Bodies and replies with an example": (sum("example" in body for body in bodies), len(bodies)),
        "Socket messages with a shape and a meaning": (
            sum(bool(message["summary"] and message["payload"]) for message in messages),
            len(messages),
        ),
        "Choices that leave room for more": (
            sum(bool(choice[rules.UNKNOWN]) for choice in choices),
            len(choices),
        ),
    }
