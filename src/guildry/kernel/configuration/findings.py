"""What is wrong, where, and what to do: one line each."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from guildry.kernel.configuration.codes import Code

PROCESS = "environment"
NAMELESS = "-"


@dataclass(frozen=True)
class Finding:
    """One mistake; `key` is the name as it was written, or - where printing it could print a secret."""

    file: str
    line: int
    column: int
    key: str
    code: Code
    message: str
    fix: str

    def __str__(self) -> str:
        fix = f" -> {self.fix}" if self.fix else ""
        return f"{self.file}:{self.line}:{self.column} {self.key} {self.code} {self.message}{fix}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "code": str(self.code)}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by file and place, each once."""
    order = {}
    for finding in findings:
        order[(finding.file, finding.line, finding.column, finding.key, finding.code)] = finding
    return tuple(order[place] for place in sorted(order))
