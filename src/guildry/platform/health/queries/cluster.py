"""The processes of the whole site: what each said of itself a moment ago, and which configuration it has."""

from dataclasses import dataclass
from datetime import datetime

from guildry.platform.lifecycle import queries as lifecycle
from guildry.platform.runtime import queries as runtime


@dataclass(frozen=True)
class ProcessLine:
    """A process on the board; `version` is None where it has not said yet, `trouble` why it could not take a newer one."""

    name: str
    role: str
    release: str
    generation: int
    state: str
    reason: str
    started_at: datetime
    seen_at: datetime
    is_heard_of: bool
    version: int | None
    is_current: bool
    trouble: str

    @property
    def place(self) -> str:
        """Return the machine and the number of the process there."""
        host, pid, _ = self.name.rsplit(":", 2)
        return f"{host}, process {pid}"


def processes() -> list[ProcessLine]:
    """Return every process of the site, the longest running first; one that was killed stays for an hour as silent."""
    newest, applied = runtime.current_version(), runtime.versions_in_force()
    lines = []
    for row in lifecycle.running_processes():
        version, trouble = applied.get(row.name, (None, ""))
        lines.append(
            ProcessLine(
                row.name, row.role, row.release, row.generation, row.state, row.reason, row.started_at, row.seen_at,
                lifecycle.is_heard_of(row), version, version == newest, trouble,
            )
        )  # fmt: skip
    return lines
