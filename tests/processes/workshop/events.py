"""What happens in the workshop."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class BellRang(Fact):
    bell_id: int
