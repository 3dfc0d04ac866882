"""Reading what was kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings


def log_folder() -> Path:
    return Path(settings.DATA_DIR) / "logs"


def entries_of(trace_id: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the kept lines and spans of a trace, file by file, the oldest first."""
    wanted = trace_id.encode()
    found = (msgspec.json.decode(line) for line in _kept_lines(folder or log_folder()) if wanted in line)
    return [entry for entry in found if entry.get("trace_id") == trace_id]


def _kept_lines(folder: Path) -> Iterator[bytes]:
    """Yield complete lines; the one that a power cut left half written is none."""
    for path in _files(folder):
        try:
            with path.open("rb") as file:
                yield from (line for line in file if line.endswith(b"}\n"))
        except FileNotFoundError:
            # It was the oldest, and made room meanwhile.
            continue


def _files(folder: Path) -> list[Path]:
    numbered = sorted(folder.glob("log.*.jsonl"), key=lambda path: -int(path.name.split(".")[1]))
    return [*numbered, folder / "log.jsonl"]
