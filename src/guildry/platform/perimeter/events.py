"""Facts about the edge."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class ViolationDismissed(Fact):
    """Somebody judged that one kind of violation needs nothing done."""

    violation_id: int


@dataclass(frozen=True)
class ViolationReopened(Fact):
    violation_id: int
