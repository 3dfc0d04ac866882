"""What happens in the hall."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class Said(Fact):
    n: int
    t: int
    text: str
