"""What happens to contracts."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class BoxesExported(Fact):
    """Somebody took what a member's device may keep into files."""

    member_id: int
