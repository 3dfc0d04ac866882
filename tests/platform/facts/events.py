"""Facts made up for the tests of facts."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class BellRang(Fact):
    bell_id: int


@dataclass(frozen=True)
class EchoHeard(Fact):
    bell_id: int
