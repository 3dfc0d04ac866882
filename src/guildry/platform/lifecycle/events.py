"""What somebody at the machine had this installation do."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class RestartOrdered(Fact):
    """A running `guildry serve` was told to put a new generation in the place of `generation`."""

    process_id: int
    generation: int


@dataclass(frozen=True)
class DrainOrdered(Fact):
    """A running `guildry serve` was told to stop after it has finished what it began."""

    process_id: int
    generation: int
